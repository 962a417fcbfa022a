"""What a certificate says, as lines to read. Main thread; knows nothing of files."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.phones.school_certificate import WARN_BEFORE
from kiosk.services.ports.web import CertificateReport
from kiosk.translation import _, ngettext
from kiosk.wording.dates import numeric_day

SHOWN_NAMES: Final = 6
"""At most so many names are listed; the rest is counted."""


class CertificateFactsCard(Card):
    """Hidden until there is something to read."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent, padding=2)
        self._theme = theme
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.space(3))
        self._grid.setVerticalSpacing(theme.space(0.75))
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self._values: list[tuple[str, Text]] = []
        self.hide()

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What it says now: label and value."""
        return [(label, value.text()) for label, value in self._values] if not self.isHidden() else []

    def show_report(self, report: CertificateReport | None, *, days_left: int, address: str) -> None:
        """Say what a certificate says.

        Args:
            report: None, or one without facts: nothing can be said.
            days_left: Until its end; negative once it has ended.
            address: The name or address that phones are shown.
        """
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._values = []
        facts = report.facts if report is not None else None
        self.setVisible(facts is not None)
        if report is None or facts is None:
            return
        issuer = _("{issuer} (itself)", issuer=facts.issuer) if facts.is_self_signed else facts.issuer
        self._add(_("For"), facts.subject)
        self._add(_("Names"), _listed(facts.names))
        self._add(_("Issued by"), issuer, Tone.LATE if facts.is_self_signed else Tone.TEXT)
        valid = _(
            "{not_before} to {not_after}, {days_left}",
            not_before=numeric_day(facts.not_before),
            not_after=numeric_day(facts.not_after),
            days_left=_left(days_left),
        )
        self._add(_("Valid"), valid, _tone_of(days_left))
        named = (
            _("{address}: named", address=address)
            if report.names_host
            else _("{address}: not named", address=address)
        )
        self._add(_("Address shown"), named, _good(report.names_host))

    def _add(self, label: str, value: str, tone: Tone = Tone.TEXT) -> None:
        row = len(self._values)
        what = Text(label, TextStyle.CAPTION, Tone.MUTED)
        text = Text(value, TextStyle.BODY, tone, wrap=True)
        what.setBuddy(text)
        text.setAccessibleName(f"{label}: {value}")
        self._grid.addWidget(what, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(text, row, 1)
        self._values.append((label, text))


def _listed(names: tuple[str, ...]) -> str:
    if not names:
        return _("none")
    more = len(names) - SHOWN_NAMES
    listed = ", ".join(names[:SHOWN_NAMES])
    return _("{listed} and {more} more", listed=listed, more=more) if more > 0 else listed


def _left(days: int) -> str:
    if days < 0:
        return _("ended")
    return _("ends today") if days == 0 else ngettext("{days} day left", "{days} days left", days, days=days)


def _tone_of(days: int) -> Tone:
    if days < 0:
        return Tone.REFUSED
    return Tone.LATE if days <= WARN_BEFORE.days else Tone.PRESENT


def _good(good: bool) -> Tone:
    return Tone.PRESENT if good else Tone.REFUSED
