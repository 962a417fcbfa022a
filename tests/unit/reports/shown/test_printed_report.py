from pathlib import Path

import pytest
from pypdf import PdfReader

from kiosk.domain.reports.kinds import ReportKind
from kiosk.domain.reports.reports import Report
from kiosk.errors import ExportError
from kiosk.reports.shown.printed_report import write_report
from kiosk.wording.reports import empty_words, report_words
from tests.fakes.reports import sample_reports as samples


def printed(tmp_path: Path, report: Report) -> list[str]:
    path = tmp_path / "report.pdf"
    write_report(path, report, samples.ZONE)
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


@pytest.mark.parametrize("kind", list(ReportKind))
def test_each_report_has_school_title_days_a_line_to_sign_and_its_page(
    tmp_path: Path, kind: ReportKind
) -> None:
    (text,) = printed(tmp_path, samples.sample(kind))
    title = "Ada Lovelace (S001)" if kind is ReportKind.STUDENT else report_words(kind).title
    for words in ("Lindenhof School", title, "from 1 Sep 2026", "Signature", "1 of 1", "by Anna"):
        assert words in text, words


def test_course_and_teacher_stand_above(tmp_path: Path) -> None:
    (text,) = printed(tmp_path, samples.register())
    assert "CS 101 · Algorithms · Tom Berger" in text


@pytest.mark.parametrize("kind", list(ReportKind))
def test_an_empty_report_is_one_page_that_says_so(tmp_path: Path, kind: ReportKind) -> None:
    (text,) = printed(tmp_path, samples.empty(kind))
    assert empty_words(samples.empty(kind)) in text
    assert "Choose" not in text


def test_a_class_of_thirty_is_on_one_page_and_a_large_one_on_numbered_pages(tmp_path: Path) -> None:
    assert len(printed(tmp_path, samples.register(students=26, sessions=26))) == 1
    pages = printed(tmp_path, samples.register(students=80, sessions=80))
    assert len(pages) > 2
    assert f"1 of {len(pages)}" in pages[0]
    assert f"{len(pages)} of {len(pages)}" in pages[-1]
    assert "Signature" not in pages[0]
    assert "Signature" in pages[-1]


def test_names_of_any_script_are_printed(tmp_path: Path) -> None:
    (text,) = printed(tmp_path, samples.register(names=["山田 太郎", "Łukasz Żółć", "علی محمدی"]))
    assert "山田 太郎" in text
    assert "Łukasz Żółć" in text


def test_a_target_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        write_report(tmp_path / "gone" / "r.pdf", samples.weeks(), samples.ZONE)
