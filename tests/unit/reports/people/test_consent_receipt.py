import os
import stat
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from kiosk.domain.people.students import Student
from kiosk.errors import ExportError
from kiosk.reports.people.consent_receipt import write_consent_receipt
from kiosk.reports.people.pin_slips import NO_NAME
from kiosk.services.ports.receipts import ReceiptSheet

AT = datetime(2026, 3, 2, 9, 5, tzinfo=ZoneInfo("Europe/Berlin"))


def receipt(
    name: str = "Zoë van der Berg", *, given: bool = False, school: str = "North School"
) -> ReceiptSheet:
    return ReceiptSheet(412, school, Student(1, "S-001", name), given, AT, "Ada Lovelace", 3)


def said(tmp_path: Path, sheet: ReceiptSheet) -> str:
    path = tmp_path / "receipt.pdf"
    write_consent_receipt(path, sheet)
    (page,) = PdfReader(path).pages
    return " ".join(page.extract_text().split())


def test_a_withdrawal_says_what_was_deleted_when_and_by_whom(tmp_path: Path) -> None:
    text = said(tmp_path, receipt())
    for words in (
        "North School Receipt No. 412",
        "consent withdrawn",
        "Zoë van der Berg",
        "S-001",
        "2026-03-02 09:05 (CET)",
        "Recorded by Ada Lovelace",
        "3 pictures, all templates made of them, the key",
    ):
        assert words in text


def test_a_yes_deletes_nothing_and_says_so(tmp_path: Path) -> None:
    text = said(tmp_path, receipt(given=True, school=""))
    assert text.startswith("Receipt No. 412")
    assert "consent given" in text
    assert "Deleted" not in text


def test_a_name_of_another_script_is_printed(tmp_path: Path) -> None:
    text = said(tmp_path, receipt("王小明"))
    assert "王小明" in text
    assert NO_NAME not in text


def test_letters_that_no_font_has_are_left_out_and_said_and_the_number_stands(tmp_path: Path) -> None:
    text = said(tmp_path, receipt("Ann 𐎠"))
    assert f"Ann {NO_NAME}" in text
    assert "S-001" in text


def test_a_very_long_name_stays_on_the_page(tmp_path: Path) -> None:
    text = said(tmp_path, receipt("Wolfeschlegelsteinhausen " * 12))
    assert text.count("Wolfeschlegelsteinhausen") == 12


@pytest.mark.skipif(os.name != "posix", reason="rights are POSIX")
def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    said(tmp_path, receipt())
    assert stat.S_IMODE((tmp_path / "receipt.pdf").stat().st_mode) == 0o600


def test_a_target_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        write_consent_receipt(tmp_path / "gone" / "receipt.pdf", receipt())
