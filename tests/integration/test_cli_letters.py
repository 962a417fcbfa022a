"""Letters from the command line carry the codes that the window's carry, and bringing the key back is an entry of the log."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from kiosk import bootstrap
from kiosk.bootstrap.settings import SettingsFile
from kiosk.domain.people.letter_codes import tidy_code
from kiosk.settings import KioskSettings, WebSettings
from tests.fakes.phones.certificates import SchoolFiles
from tests.world.command_line import Run, begin_school, write_class_list
from tests.world.kiosk import build_kiosk


@pytest.fixture
def listed(run: Run, tmp_path: Path) -> Path:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"))
    return tmp_path / "letters.pdf"


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_letters_have_codes_where_phones_come_by_https(
    run: Run, listed: Path, tmp_path: Path, data_dir: Path
) -> None:
    folder = tmp_path / "certificate"
    folder.mkdir()
    files = SchoolFiles(folder)
    files.write("127.0.0.1")
    web = WebSettings(
        host="127.0.0.1",
        port=8443,
        certificate=str(files.certificate_path),
        certificate_key=str(files.key_path),
    )
    SettingsFile(data_dir).save(KioskSettings(web=web))

    assert "with a code to answer it by phone" in run("people", "letters", listed).out

    written = text_of(listed)
    assert "https://127.0.0.1:8443/answer" in written
    (code,) = [line for line in written.split() if tidy_code(line) and "-" in line]
    kiosk = build_kiosk(data_dir, models_dir=data_dir)
    try:
        assert kiosk.app.people.letters.question(code, source="here").student.student_no == "S1"
    finally:
        kiosk.stop()


def test_without_https_they_have_none_and_that_is_said(run: Run, listed: Path) -> None:
    printed = run("people", "letters", listed)
    assert "to be answered on paper" in printed.out
    assert "They have no code" in printed.err


def test_bringing_the_school_key_back_stands_in_the_log(run: Run, data_dir: Path) -> None:
    passphrase = begin_school(run).err.splitlines()[2].strip()
    (data_dir / "keys" / "school.key").unlink()
    assert run("recover", stdin=f"{passphrase}\n").code == 0
    kiosk = bootstrap.build(data_dir, models_dir=data_dir)
    try:
        newest = kiosk.app.core.store.read(lambda repositories: repositories.audit.entries(1))[0]
    finally:
        kiosk.stop()
    assert newest.action == "recovery.used"
    assert newest.actor.startswith("local:")
    assert run("audit", "verify").code == 0
