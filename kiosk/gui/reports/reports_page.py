"""Reports: what was recorded, to look at and to take along. Main thread."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import Actor, Right
from kiosk.gui.dialog_catalogue import EXPORT
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.translation import _


class ReportsPage(QWidget):
    """The way to the workbook."""

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        opener: DialogOpener,
        remembered: Remembered,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        del app, remembered
        self.export_button = PrimaryButton(_("Export to Excel…"))
        self.export_button.clicked.connect(partial(opener.open, EXPORT))
        self._words = Text(tone=Tone.MUTED, wrap=True)
        space = theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        vertical(
            PageTitle(_("Reports")),
            self._words,
            horizontal(self.export_button, 1),
            1,
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(2),
        )

    def show_for(self, actor: Actor) -> None:
        """It came to the front for this person."""
        may = actor.may(Right.EXPORT)
        self.export_button.setVisible(may)
        self._words.setText(
            _("The workbook has every record, a summary and the register of each course.")
            if may
            else _("Only an admin may export records.")
        )
