"""The card with the rotating code, and the same code over the whole screen. Main thread only."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.phones.reading_distance import (
    EDGE_PX,
    FULL_SHARE,
    VERSION_2,
    CodeSize,
    code_size,
    corner_px,
)
from kiosk.gui.attendance.kiosk_screen.cards import ShownCard
from kiosk.gui.attendance.kiosk_screen.class_state import ClassState
from kiosk.gui.attendance.kiosk_screen.code_picture import CodePicture, paint_code
from kiosk.gui.attendance.kiosk_screen.drawing import draw_card, text_width, write, write_wrapped
from kiosk.gui.attendance.kiosk_screen.result_cards import draw_pile, pile_size
from kiosk.gui.attendance.kiosk_screen.speaking import describe, sentences
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import Theme, mono, sans
from kiosk.services.attendance.running_class import ShownCode
from kiosk.translation import N_, _

RADIUS: Final = 24.0

LEAST_FONT_PX: Final = 9
"""Nothing smaller is read on a screen; what is longer still is shortened."""

BORDER: Final = 16.0
"""Of the card beside and above the square together, in pixels at 1080p."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where the two lines below the square stand, in pixels at 1080p: what is typed, and at which address."""

    height: float
    first: tuple[float, float]
    second: tuple[float, float]
    label: float
    typed: float
    host: float


ROOMY: Final = _Lines(152, first=(8, 44), second=(66, 40), label=24, typed=40, host=26)
TIGHT: Final = _Lines(82, first=(2, 38), second=(42, 36), label=22, typed=34, host=24)
"""Below a code of version 3, whose modules would be too small otherwise."""

_KEYS: Final = N_("F2 or Esc goes back")


class _CodeWidget(QWidget):
    """What panel and full screen share: the newest code."""

    pressed = Signal()

    def __init__(
        self, theme: Theme, picture: CodePicture, *, enabled: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setToolTip("F2")
        self._theme = theme
        self._picture = picture
        self._enabled = enabled
        self._scale = 1.0
        self._code: ShownCode | None = None
        self._state = ClassState()
        self._describe()

    @property
    def shows_code(self) -> bool:
        """Whether there is a code to scan."""
        return self._code is not None and bool(self._code.url)

    @property
    def words(self) -> tuple[str, str]:
        """What stands below the code, or in its place."""
        if self.shows_code:
            return _("Scan with your phone"), host_of(self._code.url if self._code else "")
        if not self._enabled:
            return _("Phones are off at this kiosk."), _("Please come to the camera, or ask your teacher.")
        trouble = self._state.phone_trouble
        if trouble is not None:
            return trouble.sentence, trouble.hint or _("Please come to the camera, or ask your teacher.")
        return _("Phones cannot connect yet."), _("Please come to the camera, or ask your teacher.")

    @property
    def typed(self) -> str:
        """The code to type, in two groups."""
        text = self._code.typed if self._code else ""
        return f"{text[:3]} {text[3:]}".strip()

    @property
    def size_words(self) -> str:
        """How large the modules are here and from how far they are read; empty where the screen tells no size."""
        size = self._size()
        return size.sentence if size else ""

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        self._scale = scale

    def turn_phones(self, enabled: bool) -> None:
        """Say whether phones are let in here at all."""
        self._enabled = enabled
        self._describe()
        self.update()

    def show_state(self, state: ClassState) -> None:
        """The class and the network as they are now."""
        self._state = state
        self._describe()
        self.update()

    def show_code(self, code: ShownCode | None) -> None:
        """The code as it is now; None between classes."""
        self._code = code
        self._picture.show(code.qr_text if code else "")
        self._describe()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.pressed.emit()

    def _describe(self) -> None:
        first, second = self.words
        name = (
            _("Scan with your phone, or type {typed} at {address}", typed=self.typed, address=second)
            if self.shows_code
            else f"{first} {second}"
        )
        describe(self, name, self._beside())

    def _beside(self) -> str:
        """What else stands there, for screen readers."""
        return ""

    def _square_side(self) -> float:
        """Side of the square for code and ring, in logical pixels: as large as the widget has room for."""
        return float(min(self.width(), self.height()))

    def _size(self) -> CodeSize | None:
        screen = self.screen()
        width_mm, width_px = screen.physicalSize().width(), screen.size().width()
        if not self.shows_code or width_mm <= 0 or width_px <= 0:
            return None
        ratio = self.devicePixelRatioF()
        available = (self._square_side() - 2 * EDGE_PX * self._scale) * ratio
        pixel_mm = width_mm / (width_px * ratio)
        return code_size(modules=self._picture.modules, available_px=available, pixel_mm=pixel_mm)

    def _share(self) -> float:
        return self._code.remaining_s / self._code.period_s if self._code else 0.0

    def _paint_square(self, painter: QPainter, place: QRectF) -> None:
        paint_code(
            painter,
            place,
            self._picture,
            share=self._share(),
            palette=self._theme.palette,
            scale=self._scale,
            ratio=self.devicePixelRatioF(),
        )

    def _paint_absence(self, painter: QPainter, place: QRectF) -> None:
        s, palette = self._scale, self._theme.palette
        centre = place.center()
        draw_icon(
            painter,
            "phone-off",
            QRectF(centre.x() - 44 * s, centre.y() - 132 * s, 88 * s, 88 * s),
            palette.muted,
        )
        sentence, hint = self.words
        edge = place.adjusted(24 * s, 0, -24 * s, 0)
        first = QRectF(edge.left(), centre.y() - 16 * s, edge.width(), 40 * s)
        used = write_wrapped(painter, first, sentence, sans(26 * s, 600), palette.text)
        second = QRectF(edge.left(), first.top() + used + 10 * s, edge.width(), 40 * s)
        write_wrapped(painter, second, hint, sans(22 * s, 400), palette.muted)


class CodePanel(_CodeWidget):
    """The card at the right of the camera; a press fills the screen with the code."""

    def _square_side(self) -> float:
        edge = BORDER * self._scale
        return min(self.width() - edge, self.height() - self._lines.height * self._scale - edge)

    @property
    def card_px(self) -> float:
        """Width of the card that its code needs, in pixels at 1080p."""
        return corner_px(self._picture.modules) + 2 * EDGE_PX + BORDER

    @property
    def _lines(self) -> _Lines:
        return ROOMY if self._picture.modules <= VERSION_2 else TIGHT

    def paintEvent(self, _event: QPaintEvent) -> None:
        s, palette = self._scale, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        draw_card(painter, whole, RADIUS * s, palette.card, palette.line)
        if not self.shows_code:
            self._paint_absence(painter, whole)
            return
        lines = self._lines
        words = lines.height * s
        side = self._square_side()
        top = (whole.height() - side - words) / 2
        self._paint_square(painter, QRectF((whole.width() - side) / 2, top, side, side))
        host = self.words[1]
        first, second = (
            QRectF(0, top + side + y * s, whole.width(), height * s)
            for y, height in (lines.first, lines.second)
        )
        label = (_("Scan with your phone – or type"), lines.label)
        _write_host(painter, first, label, self.typed, (lines.typed, 700), self._theme, s)
        _write_host(painter, second, (_("at"), 22), host, (lines.host, 500), self._theme, s)


class CodeScreen(_CodeWidget):
    """The code as large as the screen allows, with the class and the newest results beside it."""

    def __init__(
        self, theme: Theme, picture: CodePicture, *, enabled: bool, parent: QWidget | None = None
    ) -> None:
        self._cards: tuple[ShownCard, ...] = ()
        self._now_s = 0.0
        self._awaited = ""
        super().__init__(theme, picture, enabled=enabled, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_awaited(self, text: str) -> None:
        """Who is to look at the camera, or how it is done; empty: nothing to say."""
        self._awaited = text

    @property
    def awaited(self) -> str:
        """What it says of that."""
        return self._awaited

    def show_cards(self, cards: tuple[ShownCard, ...], now_s: float) -> None:
        """The results to be seen now."""
        self._cards = cards
        self._now_s = now_s
        self._describe()
        self.update()

    def _square_side(self) -> float:
        return min(self.height(), self.width() * FULL_SHARE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        s, palette = self._scale, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(palette.background))
        side = self._square_side()  # to the screen's edges: each millimetre is read from further away
        place = QRectF(0, (self.height() - side) / 2, side, side)
        if self.shows_code:
            self._paint_square(painter, place)
        else:
            self._paint_absence(painter, place)
        self._paint_side(painter, place.right() + 64 * s)
        painter.end()

    @property
    def _here(self) -> str:
        counts = self._state.counts
        return _("{attended} of {total} are here", attended=counts.attended, total=counts.expected)

    def _beside(self) -> str:
        course = self._state.course.label if self._state.course is not None else ""
        trouble = self._state.store_line.sentence if self._state.store_line is not None else ""
        return sentences(
            trouble, course, self._here, self._awaited, *(card.card.spoken for card in self._cards), _(_KEYS)
        )

    def _paint_side(self, painter: QPainter, left: float) -> None:
        s, palette = self._scale, self._theme.palette
        across = self.width() - left - 48 * s
        course = self._state.course
        y = 96 * s
        if course is not None:
            write(painter, QRectF(left, y, across, 60 * s), course.code, sans(44 * s, 700), palette.text)
            write(
                painter,
                QRectF(left, y + 60 * s, across, 44 * s),
                course.title if course.title != course.code else "",
                sans(28 * s, 500),
                palette.muted,
            )
        y = 260 * s
        if self.shows_code:
            sentence, host = self.words
            y += write_wrapped(
                painter,
                QRectF(left, y, across, 60 * s),
                sentence,
                sans(44 * s, 700),
                palette.text,
                Qt.AlignmentFlag.AlignLeft,
            )
            write(
                painter,
                QRectF(left, y + 12 * s, across, 40 * s),
                _("or type"),
                sans(24 * s, 400),
                palette.muted,
            )
            write(
                painter, QRectF(left, y + 48 * s, across, 80 * s), self.typed, mono(64 * s, 700), palette.text
            )
            row = QRectF(left, y + 138 * s, across, 40 * s)
            used = write(painter, row, _("at"), sans(24 * s, 400), palette.muted)
            room = row.adjusted(max(36 * s, used + 12 * s), 0, 0, 0)
            write(painter, room, host, _fitting(host, 26 * s, 600, room.width()), palette.text)
        write(painter, QRectF(left, 540 * s, across, 44 * s), self._here, sans(28 * s, 600), palette.present)
        if self._awaited:
            room = QRectF(left, 600 * s, across, 40 * s)
            left_aligned = Qt.AlignmentFlag.AlignLeft
            write_wrapped(painter, room, self._awaited, sans(28 * s, 600), palette.accent, left_aligned)
        if (trouble := self._state.store_line) is not None:
            room = QRectF(left, 700 * s, across, 40 * s)
            left_aligned = Qt.AlignmentFlag.AlignLeft
            write_wrapped(painter, room, trouble.sentence, sans(28 * s, 600), palette.refused, left_aligned)
        bottom = self.height() - 48 * s
        keys = " · ".join(filter(None, (self.size_words, _(_KEYS))))
        write(painter, QRectF(left, bottom - 36 * s, across, 36 * s), keys, sans(20 * s, 400), palette.muted)
        if self._cards:
            height = pile_size(self._cards, s, beside=False)[1]
            pile = QRectF(left, bottom - 72 * s - height, across, height)
            draw_pile(painter, pile, self._cards, self._now_s, s, beside=False)


def host_of(url: str) -> str:
    """What to type to get to an address, such as ``10.20.4.17:8080``; HTTPS is said, for browsers try HTTP first."""
    scheme, _unused, rest = url.partition("://")
    host = rest.partition("/")[0]
    return f"https://{host}" if scheme == "https" else host


def _fitting(text: str, pixels: float, weight: int, room: float) -> QFont:
    """The font in which a line fits: what is to be typed must be seen whole."""
    whole = round(pixels)  # fonts have whole pixels, and hinted widths do not follow them exactly
    while whole > LEAST_FONT_PX and text_width(text, mono(whole, weight)) > room:
        whole -= 1
    return mono(whole, weight)


def _write_host(
    painter: QPainter,
    place: QRectF,
    label: tuple[str, float],
    text: str,
    look: tuple[float, int],
    theme: Theme,
    scale: float,
) -> None:
    """A small label and, beside it, something to type, together in the middle of `place`."""
    words, size = label
    gap = 14 * scale
    small = sans(size * scale, 500)
    most = place.width() - text_width(words, small) - gap - 32 * scale
    font = _fitting(text, look[0] * scale, look[1], most)
    total = text_width(words, small) + gap + text_width(text, font)
    x = place.center().x() - min(total, place.width() - 32 * scale) / 2
    used = write(
        painter, QRectF(x, place.top(), place.width(), place.height()), words, small, theme.palette.muted
    )
    room = QRectF(x + used + gap, place.top(), place.right() - x - used - gap - 16 * scale, place.height())
    write(painter, room, text, font, theme.palette.text)
