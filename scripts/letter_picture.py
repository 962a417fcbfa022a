"""A picture of the letter about consent, as it is printed."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from kiosk.domain.people.notices import Notice
from kiosk.domain.people.students import Student
from kiosk.reports.people.consent_letters import write_consent_letters
from kiosk.services.people.notices import OWN_TEXT
from kiosk.services.ports.letters import ConsentLetter, LetterWords

SHEET: Final = QSize(827, 1169)
"""A4 at 100 dots an inch."""


def letter() -> QImage:
    """The sheet for one student of a school that does not exist."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "letters.pdf"
        words = LetterWords(
            "Lindenhof School",
            Notice(2, OWN_TEXT + "\n\nQuestions: the data protection officer, room 1.04."),
            "https://kiosk-a12.lindenhof.example/answer",
            date(2026, 11, 30),
            date(2027, 1, 29),
            16,
        )
        write_consent_letters(
            path, words, [ConsentLetter(Student(1, "S2041", "Anita Rao-Berg", None), "ACDE-FGHJ-KMNP")]
        )
        document = QPdfDocument()
        document.load(str(path))
        page = document.render(0, SHEET)
        paper = QImage(page.size(), QImage.Format.Format_RGB32)
        paper.fill(0xFFFFFFFF)
        painter = QPainter(paper)
        painter.drawImage(0, 0, page)
        painter.end()
        return paper
