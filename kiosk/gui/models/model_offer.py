"""The offer on *Today* of a model that errs less here, and how far an installation is. Main thread; files are read in a task.

It asks for nothing: *Later* puts it away until the next start, *Don't offer again* for ever. Classes start meanwhile.
"""

from datetime import tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.models.install_progress import InstallPanel
from kiosk.gui.models.model_words import outcome
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.app import ModelCases
from kiosk.services.models.comparison_words import measured_words, missed_words
from kiosk.services.models.installation import BetterModel, InstallJob
from kiosk.translation import _


class ModelOffer(Card):
    """Hidden while there is nothing to offer; `wanted` carries the name of the model to look at."""

    wanted = Signal(str)

    def __init__(self, models: ModelCases, theme: Theme, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent, padding=2.5)
        self._models = models
        self._theme = theme
        self._zone = zone
        self._tasks = Tasks(self)
        self._name = ""
        self._actor = NOBODY
        self.title = Text(style=TextStyle.STRONG, wrap=True)
        self.words = Text(tone=Tone.MUTED, wrap=True)
        self.look_button = SecondaryButton(_("Look at it…"))
        self.later_button = SecondaryButton(_("Later"))
        self.never_button = QuietButton(_("Don't offer again"))
        self.panel = InstallPanel(models.installing, theme)
        self.result = Banner(theme)
        self._question = self._ask()
        for part in (self._question, self.panel, self.result):
            self.body.addWidget(part)
        self.look_button.clicked.connect(lambda: self.wanted.emit(self._name))
        self.later_button.clicked.connect(self._later)
        self.never_button.clicked.connect(self._never)
        self.panel.ended.connect(self._ended)
        self.hide()

    def show_for(self, actor: Actor) -> None:
        """Offer to an admin what there is to offer; show anybody nothing else."""
        self._actor = actor
        self.hide()
        self.result.clear()
        if not actor.may(Right.ADMINISTER):
            return
        if self._runs():
            self.follow()
        else:
            self._tasks.run(self._models.installing.offer, then=self._offer, failed=lambda _error: None)

    def follow(self) -> None:
        """Show the installation that runs, if one does; an offer that was followed elsewhere is over."""
        if not self._runs():
            if not self._question.isHidden() and self.isVisible():
                self._tasks.run(self._models.installing.offer, then=self._offer, failed=lambda _error: None)
            return
        self._question.hide()
        self.result.clear()
        self.show()
        self.panel.begin()

    def _ask(self) -> QWidget:
        part = QWidget()
        texts = vertical(self.title, self.words, spacing=self._theme.space(0.5))
        horizontal(
            (texts, 1),
            *(self.never_button, self.later_button, self.look_button),
            on=part,
            spacing=self._theme.space(1),
        )
        return part

    def _runs(self) -> bool:
        job = self._models.installing.job
        return job is not None and job.running

    def _offer(self, better: BetterModel | None) -> None:
        if better is None or self._runs():
            self.setVisible(self._runs())
            return
        found, choice, in_use = better.found, better.choice, better.in_use
        self._name = choice.name
        self.title.setText(_("{title} errs less on your students than the model in use", title=choice.title))
        self.words.setText(
            _(
                "It {missed}; {in_use}, in use now, {missed_now}. {measured}",
                missed=missed_words(found, choice.name),
                in_use=in_use.title,
                missed_now=missed_words(found, in_use.name),
                measured=measured_words(found, self._zone),
            )
        )
        self._question.show()
        self.show()

    def _later(self) -> None:
        self._models.installing.later()
        self.hide()

    def _never(self) -> None:
        self._tasks.run(
            lambda: self._models.installing.never(actor=self._actor),
            then=lambda _done: self.hide(),
            failed=self._failed,
        )

    def _failed(self, error: KioskError) -> None:
        self.result.show_error(error)

    def _ended(self, job: InstallJob | None) -> None:
        if job is not None:
            self.result.say(*outcome(job))
