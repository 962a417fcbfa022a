from pathlib import Path

import pytest

from kiosk.domain.courses.list_columns import ListChoices
from kiosk.reports.courses.guardian_headings import is_guardians_email
from kiosk.reports.courses.headings import ColumnRole, meaning_of
from kiosk.reports.courses.roster_file import read_roster_file
from kiosk.services.ports.outputs import RosterFile


@pytest.mark.parametrize(
    "heading",
    [
        "Parent email",
        "Guardian E-Mail Address",
        "Email (parent)",
        "parent_email",
        "parentEmail",
        "Parent/Guardian 1 Email",
        "Mother's e-mail",
        "E-Mail Eltern",
        "E-Mail-Adresse (Erziehungsberechtigte)",
        "E-mail responsable légal",
        "Courriel de la mère",
        "Correo electrónico del apoderado",
        "Correo padre/madre",
        "E-mail do encarregado de educação",
        "Email genitore",
        "E-mail ouder 1",
        "E-mail rodzica",
        "E-mail zákonného zástupce",
        "Veli e-posta",
        "Электронная почта родителя",
        "Пошта батьків",
        "Имейл на родител",
        "E-mail roditelja",
        "Email κηδεμόνα",
        "البريد الإلكتروني لولي الأمر",
        "ایمیل والدین",
        'דוא"ל הורים',
        "अभिभावक ईमेल",
        "家长邮箱",
        "保護者メールアドレス",
        "학부모 이메일",
        "Email orang tua",
        "E-post vårdnadshavare",
        "Huoltajan sähköposti",
        "Szülő e-mail",
        "E-mail părinte",
        "Email phụ huynh",
        "อีเมลผู้ปกครอง",
    ],
)
def test_an_address_of_a_guardian_is_told_by_its_heading(heading: str) -> None:
    found = meaning_of(heading)
    assert found is not None
    assert found[0] is ColumnRole.GUARDIAN_EMAIL


@pytest.mark.parametrize(
    "heading",
    [
        "Email",
        "Student email",
        "E-Mail-Adresse",
        "Tutor email",
        "Email wali kelas",
        "Parent name",
        "Father's phone",
        "Apparent e-mail",
        "メールアドレス",
        "Электронная почта",
    ],
)
def test_other_headings_are_none(heading: str) -> None:
    assert not is_guardians_email(heading)


def read(tmp_path: Path, content: str, choices: ListChoices | None = None) -> RosterFile:
    path = tmp_path / "class.csv"
    path.write_text(content, encoding="utf-8")
    return read_roster_file(path, choices)


def test_the_address_of_a_guardian_is_never_the_students(tmp_path: Path) -> None:
    file = read(tmp_path, "student_no,full_name,Email (parent)\nS1,Ada,mum@home.org\nS2,Bo,\n")
    assert [(one.email, one.guardian_email) for one in file.rows] == [(None, "mum@home.org"), (None, "")]
    assert file.reading.heading(file.reading.guardian) == "Email (parent)"


@pytest.mark.parametrize("bad", ["mum", "mum@home", "mum@home.org; dad@home.org"])
def test_a_bad_address_is_named_with_its_line_and_loses_nobody(tmp_path: Path, bad: str) -> None:
    file = read(tmp_path, f"student_no,full_name,email,Parent email\nS1,Ada,ada@x.org,{bad}\n")
    assert [(one.email, one.guardian_email) for one in file.rows] == [("ada@x.org", "")]
    (note,) = file.notes
    assert note.line == 2
    assert f"“{bad}” is not one e-mail address of a parent or guardian; S1 was taken" in note.text


def test_of_several_columns_one_is_read_and_the_others_are_named_and_can_be_chosen(tmp_path: Path) -> None:
    content = "student_no,full_name,Mother email,Father email\nS1,Ada,mum@home.org,dad@home.org\n"
    file = read(tmp_path, content)
    assert file.rows[0].guardian_email == "mum@home.org"
    assert [note.text for note in file.notes] == [
        "One address of a parent or guardian is kept: “Mother email” was read, not Father email."
    ]
    chosen = read(tmp_path, content, ListChoices(guardian="Father email"))
    assert chosen.rows[0].guardian_email == "dad@home.org"
    assert read(tmp_path, content, ListChoices(guardian="")).rows[0].guardian_email == ""
