import os
import stat
from pathlib import Path

import pytest
from pypdf import PdfReader

from kiosk.codes.draw import QrCodeDrawer
from kiosk.domain.people.students import Student
from kiosk.errors import ExportError
from kiosk.reports.people.pin_slips import NO_NAME, write_pin_slips
from kiosk.services.ports.outputs import PinSlip
from kiosk.translation import _
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


ANY_SCRIPT = (
    "王小明",
    "山田 太郎",
    "김 민준",
    "राम",
    "প্রিয়া",
    "தமிழ்",
    "ศุภชัย ใจดี",
    "გიორგი ბერიძე",
    "Արամ",
    "አበበ ቢቂላ",
    "Ann 🎓",
)


@pytest.mark.parametrize("name", [*ANY_SCRIPT, "محمد", "دוד", "علی محمدی", "משה כהן"])
def test_names_of_any_script_are_printed_with_nothing_left_out(tmp_path: Path, name: str) -> None:
    (text,) = pages(tmp_path, name)
    assert _(NO_NAME) not in text
    assert "S001" in text
    fonts = {
        str(font.get_object()["/BaseFont"])
        for font in PdfReader(tmp_path / "pins.pdf").pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert len(fonts) > 2  # the two of Noto Sans, and the script's own


@pytest.mark.parametrize("name", ["山田 太郎", "김 민준", "გიორგი ბერიძე", "አበበ ቢቂላ"])
def test_letters_that_are_not_joined_read_back_as_they_were(tmp_path: Path, name: str) -> None:
    (text,) = pages(tmp_path, name)
    assert name in text


def test_a_latin_line_after_one_of_another_script_is_shown(tmp_path: Path) -> None:
    (text,) = pages(tmp_path, "علی محمدی", "Łukasz Żółć", title="學校")
    assert "Łukasz Żółć" in text


def test_letters_that_no_font_has_are_left_out_and_the_slip_says_so(tmp_path: Path) -> None:
    (text,) = pages(tmp_path, "Ann 𐎠𐎡")
    assert "Ann" in text
    assert NO_NAME in text


def test_title_loses_only_what_cannot_be_printed(tmp_path: Path) -> None:
    (text,) = pages(tmp_path, "Ada", title="學校 𐎠 North School")
    assert "學校 North School" in text


def test_a_slip_has_the_kiosks_address_in_words_and_as_a_code(tmp_path: Path) -> None:
    path = tmp_path / "pins.pdf"
    code = QrCodeDrawer().modules("HTTP://10.20.4.17:8080")
    write_pin_slips(path, title="School", slips=slips("Ada"), address="http://10.20.4.17:8080", code=code)
    page = PdfReader(path).pages[0]
    assert "http://10.20.4.17:8080" in "".join(page.extract_text().split())
    squares = page.get_contents().get_data().count(b" re")  # type: ignore[union-attr]
    assert squares > code.sum() / 4


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
