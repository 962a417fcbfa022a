import os
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from kiosk.domain.people.notices import MAX_LETTERS, Notice
from kiosk.domain.people.students import Student
from kiosk.errors import ExportError
from kiosk.reports.people.consent_letters import write_consent_letters
from kiosk.services.ports.letters import ConsentLetter, LetterWords

TEXT = "Pictures of the face are kept encrypted.\n\nIt is voluntary."


def words(text: str = TEXT, address: str = "https://kiosk.school.example/answer") -> LetterWords:
    return LetterWords(
        "Lindenhof School", Notice(3, text), address, date(2026, 3, 2), date(2026, 5, 1), deciding_age=16
    )


def pages(path: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def test_each_student_gets_a_sheet_with_an_own_code(tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    anna, ben = Student(1, "S1", "Anna Berg", None), Student(2, "S2", "王小明", None)
    letters = [ConsentLetter(anna, "ACDE-FGHJ-KMNP"), ConsentLetter(ben, "QRTV-WXY3-4679")]
    write_consent_letters(path, words(), letters)
    first, second = pages(path)
    for text in (
        "Lindenhof School",
        "Anna Berg, S1",
        "ACDE-FGHJ-KMNP",
        "https://kiosk.school.example/answer",
    ):
        assert text in first
    assert "notice, version 3" in first
    assert "16 years or older" in first
    assert "until 1 May 2026" in first or "until 2026-05-01" in first
    assert ("QRTV-WXY3-4679" in second, "S2" in second, "cannot be printed" in second) == (True, True, False)
    assert "王小明" in second
    assert "ACDE" not in second
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_without_https_the_letter_is_answered_on_paper_alone(tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    write_consent_letters(path, words(address=""), [ConsentLetter(Student(1, "S1", "Anna", None), "")])
    (sheet,) = pages(path)
    assert "Signature" in sheet
    assert "code is good once" not in sheet


def test_the_longest_notice_fits_and_one_of_many_lines_is_refused(tmp_path: Path) -> None:
    path, letter = tmp_path / "letters.pdf", ConsentLetter(Student(1, "S1", "Anna", None), "ACDE-FGHJ-KMNP")
    write_consent_letters(path, words(("Words of a notice " * 200)[:MAX_LETTERS]), [letter])
    assert len(pages(path)) == 1
    before = path.read_bytes()
    with pytest.raises(ExportError, match="too long"):
        write_consent_letters(path, words("a\n" * 90 + "b"), [letter])
    assert path.read_bytes() == before
