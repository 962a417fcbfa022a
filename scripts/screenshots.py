"""Makes pictures of the window's screens, with the program's own widgets and drawn people, on no display at all.

    python -m scripts.screenshots                      those that a document shows, into docs/images
    python -m scripts.screenshots --all FOLDER [NAME…] every screen in every look and size, with what is wrong with it

The screens are those of ``tests/world/screens/inventory.py``. ``FOLDER/findings.txt`` lists what the checker found, which
is printed as well.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from kiosk.gui.application import prepare_application, scale_of
from kiosk.gui.attendance.kiosk_screen.cards import CardBoard
from kiosk.gui.attendance.kiosk_screen.result_cards import draw_pile, pile_size
from kiosk.gui.collecting import MainThreadCollector
from kiosk.gui.theme import Theme
from kiosk.settings import Theme as Look
from scripts.letter_picture import letter
from tests.world.screens.checker.look import colour_faults, layout_faults
from tests.world.screens.inventory import SCREENS
from tests.world.screens.kiosk_screen import cards
from tests.world.screens.kiosk_stage import stage
from tests.world.screens.shot import OTHER_SIZES, USUAL_SIZE, Shot, picture_of, settle

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

IMAGES: Final = Path(__file__).resolve().parent.parent / "docs" / "images"
LARGEST_BYTES: Final = 400_000
FULL_HD: Final = (1920, 1080)

LOOKS: Final = (Look.LIGHT, Look.DARK, Look.HIGH_CONTRAST)

RATIOS: Final = {(911, 512): 1.5, (960, 540): 2.0}
"""Dots for a pixel of the layout, where the system enlarges."""


@dataclass(frozen=True, slots=True)
class Documented:
    """A picture of a document: of which screen, and in which look."""

    screen: str
    look: Look = Look.LIGHT


DOCUMENTED: Final = {
    "kiosk-light": Documented("kiosk"),
    "kiosk-dark": Documented("kiosk", Look.DARK),
    "code-light": Documented("code"),
    "today-dark": Documented("today", Look.DARK),
    "calibrate-dialog": Documented("calibrate-dialog"),
    **{
        name: Documented(name)
        for name in (
            *("camera-lost", "first-start", "sign-in", "today", "roster", "claims", "records", "settings"),
            *(
                "settings-learning",
                "certificate",
                "export",
                "import",
                "consents",
                "kept",
                "models",
                "model-offer",
            ),
            "enrol-guided",
            *(
                "people",
                "person-details",
                "course-timetable",
                "records-all",
                "report-register",
                "class-summary",
            ),
        )
    },
}


@contextmanager
def picture_application() -> Iterator[None]:
    """The application, with Python's collector on this thread only: a widget in a cycle must not die on the store's."""
    application = prepare_application([])
    collector = MainThreadCollector(application)
    try:
        yield
    finally:
        collector.stop()
        application.quit()


def documented_pictures() -> None:
    """Make those that a document shows."""
    for name, wanted in DOCUMENTED.items():
        theme = Theme(wanted.look, scale=scale_of(*FULL_HD))
        theme.apply()
        with SCREENS[wanted.screen](Shot(theme, FULL_HD)) as window:
            settle()
            save(picture_of(window), IMAGES / f"{name}.png")
    card_sheet().save(str(IMAGES / "cards.png"))
    letter().save(str(IMAGES / "consent-letter.png"))


def save(picture: QPixmap, path: Path) -> None:
    """Save a picture, smaller where it would be a large file."""
    picture.save(str(path))
    if path.stat().st_size > LARGEST_BYTES:
        picture.scaledToWidth(1440, Qt.TransformationMode.SmoothTransformation).save(str(path))
    print(f"{path.name}  {path.stat().st_size // 1024} KB")


def card_sheet() -> QImage:
    """All kinds of cards in one picture, as they stand over the camera."""
    with stage() as set_up:
        kinds = [
            cards(set_up)[kind]
            for kind in ("present", "late", "already", "unknown", "please-scan", "refused")
        ]
        sheet = QImage(1480, 540, QImage.Format.Format_RGB32)
        sheet.fill(QColor("#c4ccd2"))
        painter = QPainter(sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (event,) in enumerate(kinds):
            board = CardBoard(zone=set_up.app.core.zone, success_s=3, failure_s=5)
            board.on_event(event, 0.0)
            shown = board.shown(1.0)
            size = QSizeF(*pile_size(shown, 1.0))
            place = QRectF(40 + 720 * (index % 2), 40 + 166 * (index // 2), size.width(), size.height())
            draw_pile(painter, place, shown, 1.0, 1.0)
        painter.end()
    return sheet


def all_pictures(folder: Path, names: Iterable[str]) -> int:
    """Make every picture there is; returns how many faults were found."""
    folder.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    for name in names or SCREENS:
        for size in (USUAL_SIZE, *OTHER_SIZES):
            for line in _in_every_look(folder, name, size):
                print(line)
                found.append(line)
    (folder / "findings.txt").write_text("\n".join(found) + "\n", encoding="utf-8")
    return len(found)


def _in_every_look(folder: Path, name: str, size: tuple[int, int]) -> Iterator[str]:
    where = f"{name} at {size[0]}×{size[1]}"
    theme = Theme(LOOKS[0], scale=scale_of(*size))
    theme.apply()
    with SCREENS[name](Shot(theme, size)) as window:
        settle()
        yield from (f"{where}: {fault}" for fault in layout_faults(window))
        for look in LOOKS:
            theme.choose(look)
            settle()
            picture = picture_of(window, ratio=RATIOS.get(size, 1.0))
            picture.save(str(folder / f"{name}-{size[0]}x{size[1]}-{look.value}.png"))
            yield from (f"{where}, {look.value}: {fault}" for fault in colour_faults(window))
        theme.choose(LOOKS[0])
        QApplication.processEvents()


def main() -> int:
    """Do what the command line says."""
    with picture_application():
        if len(sys.argv) > 2 and sys.argv[1] == "--all":
            return 1 if all_pictures(Path(sys.argv[2]), sys.argv[3:]) else 0
        documented_pictures()
        return 0


if __name__ == "__main__":
    sys.exit(main())
