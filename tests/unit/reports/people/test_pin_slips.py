import os
import stat
from pathlib import Path

import pytest
from pypdf import PdfReader

from kiosk.domain.people.students import Student
from kiosk.errors import ExportError
from kiosk.reports.people.pin_slips import NO_NAME, write_pin_slips
from kiosk.services.ports.outputs import PinSlip
from tests.fakes.reports.report_repositories import NAMES


def slips(*names: str) -> list[PinSlip]:
    return [
        PinSlip(Student(number, f"S{number:03d}", name), f"{100_007 * number % 1_000_000:06d}")
        for number, name in enumerate(names, 1)
    ]


def pages(tmp_path: Path, *names: str, title: str = "North School · CS101") -> list[str]:
    path = tmp_path / "pins.pdf"
    write_pin_slips(path, title=title, slips=slips(*names))
    return [page.extract_text() for page in PdfReader(path).pages]


def test_ten_slips_fit_on_a_page(tmp_path: Path) -> None:
    texts = pages(tmp_path, *NAMES)
    assert [text.count("North School · CS101") for text in texts] == [10, 10, 5]


def test_slip_has_name_number_pin_and_how_to_use_it(tmp_path: Path) -> None:
    (text,) = pages(tmp_path, "Zoë van der Berg")
    assert "Zoë van der Berg" in text
    assert "S001" in text
    assert "100007" in text.replace(" ", "")
    assert "sign in with your student number" in " ".join(text.split())


@pytest.mark.parametrize("name", NAMES)
def test_latin_greek_and_cyrillic_names_are_printed(tmp_path: Path, name: str) -> None:
    (text,) = pages(tmp_path, name)
    assert name in text
    assert NO_NAME not in text


@pytest.mark.parametrize("name", ["王小明", "محمد", "דוד", "राम", "Ana 🫶"])
def test_name_that_the_font_lacks_is_replaced_by_the_number_and_the_slip_says_so(
    tmp_path: Path, name: str
) -> None:
    (text,) = pages(tmp_path, name)
    assert NO_NAME in text
    assert "S001" in text


def test_title_loses_only_what_cannot_be_printed(tmp_path: Path) -> None:
    (text,) = pages(tmp_path, "Ada", title="学校 North School")
    assert "North School" in text
    assert "学" not in text


def test_very_long_name_stays_on_its_slip(tmp_path: Path) -> None:
    (text,) = pages(tmp_path, "Maximiliana " * 15)
    assert "Maximiliana" in text
    assert "…" in text
    (text,) = pages(tmp_path, "Wolfeschlegelsteinhausenbergerdorff-Smith")
    assert "Wolfeschlegelsteinhausenbergerdorff-Smith" in text


def test_nothing_to_print_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no PIN slip"):
        write_pin_slips(tmp_path / "pins.pdf", title="School", slips=[])
    assert list(tmp_path.iterdir()) == []


def test_target_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        write_pin_slips(tmp_path / "gone" / "pins.pdf", title="School", slips=slips("Ada"))
    with pytest.raises(ExportError, match=r"must end in \.pdf"):
        write_pin_slips(tmp_path / "pins.xlsx", title="School", slips=slips("Ada"))


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_slips_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    pages(tmp_path, "Ada")
    assert stat.S_IMODE((tmp_path / "pins.pdf").stat().st_mode) == 0o600


def test_no_pin_and_no_name_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    pages(tmp_path, "Ada Lovelace", "王小明")
    kept = [record.getMessage() for record in caplog.records]
    assert not [line for line in kept if "100007" in line or "Lovelace" in line or "王" in line]
