"""What a calibration expects of a hundred students and strangers, in use now and with other thresholds. Main thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.faces.galleries import RosterMeasurement
from kiosk.services.faces.rate_words import basis_words, expected_words
from kiosk.translation import _


class ForecastTable(QWidget):
    """Rows of what is expected, and what that rests on; hidden where nothing can be forecast."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heads = (_("Expected of a hundred, in one frame"), _("In use now"), _("With these"))
        names = (
            _("students not recognised: they scan"),
            _("students given another name"),
            _("strangers given a name"),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(0.25))
        grid.setColumnStretch(0, 1)
        for column, head in enumerate(heads):
            grid.addWidget(Text(head, style=TextStyle.CAPTION, tone=Tone.MUTED), 0, column, _side(column))
        self.now = [Text() for _unused in names]
        self.then = [Text(style=TextStyle.STRONG) for _unused in names]
        for row, (name, *cells) in enumerate(zip(names, self.now, self.then, strict=True), start=1):
            for column, part in enumerate((Text(name), *cells)):
                grid.addWidget(part, row, column, _side(column))
        self.basis = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.space(0.75))
        whole.addLayout(grid)
        whole.addWidget(self.basis)

    def fill(self, found: RosterMeasurement) -> None:
        """Show what is expected of a measured roster."""
        self.setVisible(found.expected is not None)
        if found.expected is None:
            return
        for cells, errors in zip((self.now, self.then), found.expected, strict=True):
            for cell, one in zip(cells, (errors.missed, errors.wrong, errors.strangers), strict=True):
                cell.setText(expected_words(one))
        self.basis.setText(basis_words(found.measured))


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
