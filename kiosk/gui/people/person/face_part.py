"""What a person answered about face recognition, and the pictures that are stored. Main thread; everything runs in tasks."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from kiosk.domain.people.consents import Answerer, Consent, ConsentState
from kiosk.domain.people.person import Person, PictureOfPerson
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Right
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.faces.enrol_guided import GuidedEnrolmentDialog
from kiosk.gui.people.consent_answer import question_for
from kiosk.gui.people.consent_words import answer_words, said_words
from kiosk.gui.people.consents import STATES
from kiosk.gui.people.person.part import PersonPart
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.services.people.consents import ConsentReceipt, StudentFaces
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import day_of, numeric_day

PICTURE_PX = 150
PICTURES_A_ROW = 5
GOOD = 0.6
FAIR = 0.35
"""Quality of a picture from which it is called good, or fair."""

_TONES = {
    ConsentState.YES: Tone.PRESENT,
    ConsentState.RENEW: Tone.LATE,
    ConsentState.OBJECTED: Tone.REFUSED,
    ConsentState.NO: Tone.REFUSED,
    ConsentState.UNANSWERED: Tone.MUTED,
}


class FacePart(PersonPart):
    """Answers with their history, and each stored picture with its quality and day."""

    def __init__(self, app: KioskApp, theme: Theme, opener: DialogOpener) -> None:
        super().__init__(app, theme, opener)
        self._person: Person | None = None
        self._lay_out_answers()
        pictures = self.card(_("Pictures for face recognition"))
        self.none = Text(tone=Tone.MUTED, wrap=True)
        self.grid = QGridLayout()
        self.grid.setSpacing(theme.space(2))
        self.remove_buttons: dict[int, QuietButton] = {}
        self.take_button = SecondaryButton(_("Take pictures with the camera…"))
        self.take_button.clicked.connect(self._take)
        pictures.body.addWidget(self.none)
        pictures.body.addLayout(horizontal(self.grid, 1))
        pictures.body.addLayout(horizontal(self.take_button, 1))

    def _lay_out_answers(self) -> None:
        card = self.card(_("Consent to face recognition"))
        self.state = Text(style=TextStyle.STRONG)
        self.said = Text(tone=Tone.MUTED, wrap=True)
        self.history = ResultTable(
            self.theme,
            (_("Answer"), _("Given"), _("Written down by"), _("Notice")),
            name=_("Answers"),
            height=190,
            wide=1,
        )
        self.yes_button = SecondaryButton(_("Record consent…"))
        self.no_button = SecondaryButton(_("Record a no…"))
        self.yes_button.clicked.connect(partial(self._ask, given=True))
        self.no_button.clicked.connect(partial(self._ask, given=False))
        for part in (self.state, self.said, self.history):
            card.body.addWidget(part)
        card.body.addLayout(horizontal(self.yes_button, self.no_button, 1, spacing=self.theme.space(1.5)))

    def fill(self, person: Person) -> None:
        self._person = person
        standing, zone = person.standing, self.app.core.zone
        self.state.setText(_(STATES[standing.state]))
        self.state.set_tone(_TONES[standing.state])
        self.said.show_if_any(said_words(standing, zone))
        self.history.setVisible(bool(person.words))
        self.history.show_rows([self._answer(word) for word in person.words])
        says_yes = standing.state in {ConsentState.YES, ConsentState.RENEW}
        self.yes_button.setVisible(standing.state is not ConsentState.YES and self.actor.may(Right.ENROL))
        self.yes_button.setText(
            _("Renew consent…") if standing.state is ConsentState.RENEW else _("Record consent…")
        )
        self.no_button.setVisible(self.actor.may(Right.DELETE_FACES))
        self.no_button.setText(_("Withdraw…") if says_yes else _("Record a no…"))
        self._fill_pictures(person)

    def _answer(self, word: Consent) -> tuple[Tone, tuple[str, ...]]:
        tone, said = (Tone.PRESENT, _("Yes")) if word.given else (Tone.REFUSED, _("No"))
        when = answer_words(word, self.app.core.zone)
        recorded = numeric_day(word.recorded_at.astimezone(self.app.core.zone).date())
        by = f"{actor_name(word.recorded_by)}, {recorded}"
        return tone, (said, when, by, _("version {version}", version=word.notice))

    # -- answers ----------------------------------------------------------------------------------------------------

    def _ask(self, *, given: bool) -> None:
        person = self._person
        if person is None:
            return
        newest = person.standing.newest
        chosen = StudentFaces(
            person.student,
            newest.given if newest is not None else None,
            len(person.pictures),
            standing=person.standing,
        )

        def ask(age: int) -> None:
            question = question_for(self.theme, self, chosen, given=given, age=age)
            self.question = question
            question.accepted.connect(
                lambda: self._record(person.student, given=given, answerer=question.answerer)
            )

        self.start(self.app.people.consents.deciding_age, ask)

    def _record(self, student: Student, *, given: bool, answerer: Answerer) -> None:
        work = partial(
            self.app.people.consents.record,
            student.student_id,
            given=given,
            actor=self.actor,
            answerer=answerer,
        )

        def then(receipt: ConsentReceipt) -> None:
            words = _("It is written down, entry {number} of the log.", number=receipt.number)
            if given and not receipt.counts:
                words = _("It is written down, but somebody else’s no still stands.")
            self.changed.emit(words)

        self.start(work, then)

    # -- pictures ---------------------------------------------------------------------------------------------------

    def _fill_pictures(self, person: Person) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.remove_buttons = {}
        self.none.setVisible(not person.pictures)
        self.none.setText(
            _("None is stored: the student uses the code.")
            if person.standing.counts
            else _("None is stored. Pictures can be taken once consent is recorded.")
        )
        self.take_button.setEnabled(person.standing.counts)
        for place, picture in enumerate(person.pictures):
            self.grid.addWidget(self._tile(person.student, picture), *divmod(place, PICTURES_A_ROW))

    def _tile(self, student: Student, picture: PictureOfPerson) -> QWidget:
        side = self.theme.px(PICTURE_PX)
        tile, shown = QWidget(), QLabel()
        shown.setFixedSize(side, side)
        shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        shown.setWordWrap(True)
        shown.setProperty("surface", "banner-accent")
        day = day_of(picture.captured_at, self.app.core.zone)
        words, tone = quality_words(picture.quality)
        shown.setAccessibleName(_("Picture of {day}: {quality}", day=day, quality=words))
        remove = QuietButton(_("Remove…"))
        remove.setAccessibleName(_("Remove the picture of {day}", day=day))
        remove.clicked.connect(partial(self._ask_to_remove, student, picture))
        self.remove_buttons[picture.sample_id] = remove
        where = _("from a class") if picture.origin.is_learned else _("enrolled")
        parts = (
            shown,
            Text(words, TextStyle.STRONG, tone),
            Text(f"{day}, {where}", TextStyle.CAPTION, Tone.MUTED, wrap=True),
        )
        vertical(*parts, remove, 1, on=tile, spacing=self.theme.space(0.5))
        tile.setFixedWidth(self.theme.px(PICTURE_PX + 20))

        def show(data: bytes) -> None:
            pixmap = QPixmap()
            if pixmap.loadFromData(data):
                keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                shown.setPixmap(pixmap.scaled(side, side, keep, smooth))
            else:
                shown.setText(_("cannot be shown"))

        load = partial(
            self.app.people.persons.open_picture, student.student_id, picture.sample_id, actor=self.actor
        )
        # The tile may be gone when the picture comes: then its label is, too.
        self.tasks.run(
            load, then=lambda data: show(data) if _is_there(shown) else None, failed=self.failed.emit
        )
        return tile

    def _ask_to_remove(self, student: Student, picture: PictureOfPerson) -> None:
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Remove this picture?"),
            text=_(
                "The picture and its templates are deleted at once. This cannot be undone; a new one can be taken."
            ),
            action=_("Remove"),
            danger=True,
        )
        self.question.accepted.connect(partial(self._remove, student, picture))

    def _remove(self, student: Student, picture: PictureOfPerson) -> None:
        work = partial(self.app.people.persons.remove_picture, student, picture.sample_id, actor=self.actor)
        self.start(work, lambda _done: self.changed.emit(_("The picture is removed.")))

    def _take(self) -> None:
        if self._person is not None:
            dialog = GuidedEnrolmentDialog(
                *(self.app.core, self.app.faces, self.app.people, self.theme, self.actor, self),
                student=self._person.student,
            )
            self.open_dialog(dialog)


def quality_words(quality: float | None) -> tuple[str, Tone]:
    """How well a picture serves, in a word."""
    if quality is None:
        return _("Not used"), Tone.MUTED
    if quality >= GOOD:
        return _("Good"), Tone.PRESENT
    return (_("Fair"), Tone.TEXT) if quality >= FAIR else (_("Poor"), Tone.LATE)


def _is_there(widget: QWidget) -> bool:
    import shiboken6

    return bool(shiboken6.isValid(widget))
