"""An admin chooses how the school uses faces: asked at the first start, and from the settings. Main thread."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from kiosk.domain.school.face_rule import FaceChoice, FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.school.face_rules import FaceRules
from kiosk.translation import _
from kiosk.wording.face_rule import face_choice_words, face_rule_words, first_choice_sentences

WIDTH_PX = 820


class FaceRuleDialog(WorkDialog):
    """Five sentences and the rules there are to choose; `chosen` carries the new choice.

    Asked at the first start it offers `offered`, the proposed one first; closing it leaves everything as it is.
    """

    chosen = Signal(object)

    def __init__(
        self,
        rules: FaceRules,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        choice: FaceChoice,
        offered: Sequence[FaceRule],
    ) -> None:
        super().__init__(theme, _("How does this school use faces?"), parent, width=WIDTH_PX)
        self._rules = rules
        self._actor = actor
        self._choice = choice
        self.sentences = first_choice_sentences(
            is_strict=FaceRule.WALK_PAST not in offered, is_new=not choice.is_kept
        )
        self.form.addWidget(Text(" ".join(self.sentences), wrap=True))
        self.group = QButtonGroup(self)
        self.buttons: dict[FaceRule, QRadioButton] = {}
        for rule in offered:
            words = face_rule_words(rule)
            button = QRadioButton(words.title)
            button.setAccessibleDescription(words.explanation)
            self.buttons[rule] = button
            self.group.addButton(button)
            explained = Text(words.explanation, TextStyle.CAPTION, Tone.MUTED, wrap=True)
            self.form.addLayout(vertical(button, explained, spacing=theme.space(0.5)))
        self.buttons[choice.rule if choice.is_chosen and choice.rule in offered else offered[0]].setChecked(
            True
        )
        self.close_button.setText(_("Cancel") if choice.is_chosen else _("Not now"))
        self.choose_button = self.add_button(PrimaryButton(_("Choose")), self._choose)
        self.choose_button.setDefault(True)
        self.rejected.connect(self._left)

    @property
    def rule(self) -> FaceRule:
        """What is ticked."""
        return next(rule for rule, button in self.buttons.items() if button.isChecked())

    def _choose(self) -> None:
        rule = self.rule
        self.start(lambda: self._rules.choose(rule, actor=self._actor), words=_("Saving…"), then=self._chosen)

    def _chosen(self, choice: FaceChoice) -> None:
        self.chosen.emit(choice)
        self.accept()

    def _left(self) -> None:
        if not self._choice.is_chosen and not self._choice.is_asked:
            Tasks(self.parentWidget() or self).run(
                lambda: self._rules.note_asked(actor=self._actor),
                then=lambda _none: None,
                failed=lambda _error: None,  # then it is asked again
            )


class FaceRuleRow(QWidget):
    """The line among the school's rules: what is in force, who chose it and when; `wanted` when somebody wants another."""

    wanted = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        label = Text(_("Faces"), TextStyle.CAPTION, Tone.MUTED)
        self.words = Text(style=TextStyle.STRONG, wrap=True)
        self.explained = Text(tone=Tone.MUTED, wrap=True)
        self.button = SecondaryButton(_("Change…"))
        self.button.setAccessibleName(_("Change how the school uses faces"))
        texts = vertical(self.words, self.explained, spacing=theme.space(0.5))
        vertical(
            label,
            horizontal((texts, 1), self.button, spacing=theme.space(2)),
            on=self,
            spacing=theme.space(0.75),
        )
        self.button.clicked.connect(self.wanted)

    def show_choice(self, choice: FaceChoice) -> None:
        """Say it."""
        words = face_rule_words(choice.rule)
        self.words.setText(words.title)
        self.explained.setText(f"{words.explanation} {face_choice_words(choice, self._zone)}")
