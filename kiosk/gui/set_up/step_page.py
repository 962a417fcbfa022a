"""What the pages of the assistant have in common. Main thread; saving runs in tasks."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.school.set_up import SetUpStep, StepState
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.translation import _


class StepPage(QWidget):
    """One page; put widgets into `body`.

    Signals:
        finished: What is on it was saved; carries what became of the step.
        changed: Whether *Next* may be pressed may be another.

    Attributes:
        step: None for a page that is no step.
    """

    finished = Signal(object)
    changed = Signal()
    step: SetUpStep | None = None

    def __init__(self, theme: Theme, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.tasks = Tasks(self)
        self.actor: Actor = NOBODY
        self.banner = Banner(theme)
        self.body = vertical(on=self, spacing=theme.space(2))
        self.body.addWidget(PageTitle(title))
        self.body.addWidget(Text(text, tone=Tone.MUTED, wrap=True))
        self.body.addWidget(self.banner)

    @property
    def next_words(self) -> str:
        """What the button says that goes on."""
        return _("Next")

    @property
    def may_go_on(self) -> bool:
        """Whether it may be pressed."""
        return True

    def enter(self, actor: Actor) -> None:
        """It came to the front."""
        self.actor = actor

    def leave(self) -> None:
        """Another page comes to the front."""

    def save(self) -> None:
        """*Next* was pressed: keep what is on it, then emit `finished`."""
        self.finished.emit(StepState.DONE)

    def refuse(self, error: KioskError) -> None:
        """It could not be kept."""
        self.banner.show_error(error)
        self.changed.emit()
