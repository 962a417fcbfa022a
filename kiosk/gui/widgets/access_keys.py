"""Access keys: Alt and an underlined letter press a button. Main thread.

Nobody writes them into the texts: each window gives its buttons letters of their own words when they are shown, in whatever
language, so that no two of them share one. A letter that a text names itself (``&``) comes first, and every other shortcut
with Alt stays. On macOS there are none, as in its other programs.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Final, Protocol, cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStyleOptionButton, QWidget

ALT: Final = "ALT+"


class AccessButton(QPushButton):
    """A button with an access key of its own, which is not part of `text()`."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._letter = ""

    @property
    def access_key(self) -> str:
        """The letter that presses it with Alt; empty: none."""
        return self._letter

    def take_letter(self, letter: str) -> None:
        """Be pressed by Alt and this letter; an empty one takes the key away."""
        keys = QKeySequence(f"Alt+{letter}") if letter else QKeySequence()
        if letter != self._letter or self.shortcut() != keys:
            self._letter = letter
            self.setShortcut(keys)
            self.update()

    def setText(self, text: str) -> None:
        if text == self.text():
            return
        super().setText(text)
        letter, self._letter = self._letter, ""
        if letter and letter in _letters(text):
            self.take_letter(letter)
        self._ask_for_letter()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_for_letter()

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        if self._letter:
            drawn = cast(_Drawn, option)
            drawn.text = underlined(plain(self.text()), self._letter)

    def _ask_for_letter(self) -> None:
        if self.isVisible() and sys.platform != "darwin":
            AccessKeys.of(self.window()).schedule()


class _Drawn(Protocol):
    """What of a button's style option is changed."""

    text: str


class AccessKeys(QObject):
    """Gives the buttons of one window their letters, once for all that came to be shown together."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self.assign)

    @classmethod
    def of(cls, window: QWidget) -> "AccessKeys":
        """The one of this window."""
        mine = Qt.FindChildOption.FindDirectChildrenOnly
        return window.findChild(cls, options=mine) or cls(window)

    def schedule(self) -> None:
        """Look at the window once everything that is being shown is there."""
        self._timer.start()

    def assign(self) -> None:
        """Give each button that is seen a letter that nobody else of the window has.

        What a text names comes first; then those that have one keep it.
        """
        taken = set(letters_in_use(self._window))
        buttons = _buttons(self._window)
        given: dict[AccessButton, str] = {}
        for wish in (_named, _kept, _any):
            for button in buttons:
                letter = next((one for one in wish(button) if one not in taken), "")
                if letter and button not in given:
                    given[button] = letter
                    taken.add(letter)
        for button in buttons:
            button.take_letter(given.get(button, ""))


def plain(text: str) -> str:
    """The words without the letter that they name."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def underlined(text: str, letter: str) -> str:
    """The text as Qt draws it with a line below that letter, the first of a word where there is one."""
    place = _place_of(text, letter)
    if place < 0:
        return text.replace("&", "&&")
    return "&".join(part.replace("&", "&&") for part in (text[:place], text[place:]))


def _place_of(text: str, letter: str) -> int:
    folded = text.upper()
    if len(folded) != len(text):  # ß becomes SS
        folded = text
    starts = [place for place in range(len(text)) if place == 0 or not text[place - 1].isalnum()]
    return next((place for place in starts if folded[place] == letter), folded.find(letter))


def _letters(text: str) -> Iterator[str]:
    """The letters that may stand for a text, the best first: which it names, how its words begin, the rest."""
    yield from _letter_of(QKeySequence.mnemonic(text))
    text = plain(text)
    words = [word for word in text.split() if word[0].isalnum()]
    for one in (*(word[0] for word in words), *text):
        if one.isalpha() and len(upper := one.upper()) == 1 and _place_of(text, upper) >= 0:
            yield upper


def _buttons(window: QWidget) -> Iterable[AccessButton]:
    """Those that are seen and reached by the keyboard."""
    return [
        one
        for one in window.findChildren(AccessButton)
        if one.window() is window and one.isVisible() and one.text() and one.focusPolicy().value
    ]


def _named(button: AccessButton) -> Iterator[str]:
    return _letter_of(QKeySequence.mnemonic(button.text()))


def _kept(button: AccessButton) -> Iterator[str]:
    if button.access_key:
        yield button.access_key


def _any(button: AccessButton) -> Iterator[str]:
    return _letters(button.text())


def letters_in_use(window: QWidget) -> Iterator[str]:
    """The letters of other shortcuts with Alt, of labels and of buttons that name theirs."""
    for shortcut in window.findChildren(QShortcut):
        yield from _letter_of(shortcut.key())
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.buddy() is not None:
            yield from _letter_of(QKeySequence.mnemonic(label.text()))
    for button in window.findChildren(QPushButton):
        if button.isVisible() and not isinstance(button, AccessButton):
            yield from _letter_of(button.shortcut())


def _letter_of(keys: QKeySequence) -> Iterator[str]:
    said = keys.toString(QKeySequence.SequenceFormat.PortableText).upper()
    if said.startswith(ALT) and len(said) == len(ALT) + 1:
        yield said[-1]
