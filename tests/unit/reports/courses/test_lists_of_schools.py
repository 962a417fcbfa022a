"""Class lists as schools have them: exports of their systems, headings of many languages, and what spreadsheets do to numbers."""

from pathlib import Path

import pytest

from kiosk.domain.courses.list_columns import ListChoices
from kiosk.errors import FileFormatError
from kiosk.reports.courses.roster_file import read_roster_file
from kiosk.services.ports.outputs import ListChoiceError, RosterFile


def read(
    tmp_path: Path, content: str, encoding: str = "utf-8", choices: ListChoices | None = None
) -> RosterFile:
    path = tmp_path / "class.csv"
    path.write_bytes(content.encode(encoding))
    return read_roster_file(path, choices)


def people(file: RosterFile) -> list[tuple[str, str]]:
    return [(row.student_no, row.full_name) for row in file.rows]


def taken(file: RosterFile) -> tuple[str, list[str]]:
    """The headings of number and names."""
    return file.reading.heading(file.reading.number), [
        file.reading.heading(one) for one in file.reading.names
    ]


EXPORTS = {
    "Moodle participants": (
        '"First name","Last name","ID number","Email address",Groups\nAda,Byron,0071,ada@s.example,\n',
        ("0071", "Ada Byron"),
    ),
    "Moodle gradebook": (
        "First name,Surname,ID number,Institution,Email address,Course total (Real)\nAda,Byron,0071,,a@s.example,87\n",
        ("0071", "Ada Byron"),
    ),
    "Canvas gradebook": (
        (
            "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (7)\n    Points Possible,,,,,10\n"
            '"Byron, Ada",4711,0071,abyron,7b,9\n"Student, Test",4799,,,7b,\n'
        ),
        ("0071", "Byron, Ada"),
    ),
    "Blackboard": (
        '"Last Name","First Name","Username","Student ID","Last Access"\n"Byron","Ada","abyron","0071","2026"\n',
        ("0071", "Ada Byron"),
    ),
    "Blackboard without numbers": (
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\n"Byron"\t"Ada"\t"abyron"\t""\n',
        ("abyron", "Ada Byron"),
    ),
    "PowerSchool": ("Student_Number\tLastFirst\tGrade_Level\n0071\tByron, Ada\t7\n", ("0071", "Byron, Ada")),
    "ILIAS": ("Matrikelnummer;Nachname;Vorname;E-Mail\n0071;Byron;Ada;a@s.example\n", ("0071", "Ada Byron")),
    "OneRoster 1.1": (
        (
            "sourcedId,status,role,username,givenName,familyName,identifier\nx1,active,student,ab,Ada,Byron,0071\n"
            "x2,active,teacher,tt,Tom,Teacher,0900\nx3,tobedeleted,student,zz,Zoe,Gone,0072\n"
        ),
        ("0071", "Ada Byron"),
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_of_school_systems_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    content, student = EXPORTS[name]
    file = read(tmp_path, content)
    assert people(file) == [student]
    assert file.refused == ()


def test_one_roster_of_1_2_reads_roles_beside_it(tmp_path: Path) -> None:
    content = "sourcedId,status,username,givenName,familyName,identifier\nx1,active,ab,Ada,Byron,0071\nx2,active,tt,Tom,T,0900\n"
    assert len(read(tmp_path, content).rows) == 2
    assert "does not say who is a student" in read(tmp_path, content).notes[0].text
    (tmp_path / "roles.csv").write_text(
        "sourcedId,userSourcedId,role\nr1,x1,student\nr2,x2,teacher\n", encoding="utf-8"
    )
    assert people(read(tmp_path, content)) == [("0071", "Ada Byron")]


def test_a_list_without_numbers_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ListChoiceError, match="no column student_no") as caught:
        read(tmp_path, "Last Name,First Name,Email Address\nByron,Ada,ada@s.example\n")
    assert caught.value.reading.headings == ("Last Name", "First Name", "Email Address")


LANGUAGES = {
    "de": "Lfd. Nr.;Matrikelnr.;Nachname;Vorname",
    "fr": "N°;N° étudiant;Nom;Prénom",
    "es": "Nº;Matrícula;Apellidos;Nombre",
    "pt": "Nº;Número de matrícula;Apelido;Nome próprio",
    "it": "N.;Matricola;Cognome;Nome",
    "nl": "Volgnr;Leerlingnummer;Achternaam;Voornaam",
    "pl": "Lp.;Nr albumu;Nazwisko;Imię",
    "cs": "Poř. č.;Osobní číslo;Příjmení;Jméno",
    "tr": "Sıra No;Öğrenci No;Soyadı;Adı",
    "el": "Α/Α;Αριθμός Μητρώου;Επώνυμο;Όνομα",
    "ar": "م;الرقم الجامعي;اسم العائلة;الاسم الأول",
    "fa": "ردیف;شماره دانشجویی;نام خانوادگی;نام",
    "he": "מס';מספר סטודנט;שם משפחה;שם פרטי",
    "hi": "क्रम संख्या;नामांकन संख्या;उपनाम;पहला नाम",
    "id": "No;NIS;Nama Belakang;Nama Depan",
    "sv": "Löpnr;Elevnummer;Efternamn;Förnamn",
    "da": "Løbenummer;Elevnr;Efternavn;Fornavn",
    "no": "Løpenr;Studentnummer;Etternavn;Fornavn",
    "fi": "Järjestysnumero;Opiskelijanumero;Sukunimi;Etunimi",
    "ro": "Nr. crt.;Număr matricol;Nume;Prenume",
}
FAMILY_FIRST = {
    "hu": "Sorszám;Neptun kód;Vezetéknév;Keresztnév",
    "ru": "№ п/п;Номер зачётной книжки;Фамилия;Имя",
    "uk": "№ з/п;Номер студентського квитка;Прізвище;Ім'я",
    "zh": "序号;学号;姓;名",
    "ja": "連番;学籍番号;姓;名",
    "ko": "순번;학번;성;이름",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_understood_in_many_languages(tmp_path: Path, language: str) -> None:
    file = read(tmp_path, f"{LANGUAGES[language]}\n1;3001;Byron;Ada\n2;3002;Hopper;Grace\n")
    assert people(file) == [("3001", "Ada Byron"), ("3002", "Grace Hopper")]


@pytest.mark.parametrize("language", FAMILY_FIRST)
def test_family_names_stand_first_where_lists_are_written_so(tmp_path: Path, language: str) -> None:
    names = {"zh": ("王", "小明", ""), "ja": ("山田", "太郎", ""), "ko": ("김", "철수", "")}
    family, given, between = names.get(language, ("Byron", "Ada", " "))
    file = read(tmp_path, f"{FAMILY_FIRST[language]}\n1;3001;{family};{given}\n2;3002;{family};{given}\n")
    assert people(file)[0] == ("3001", f"{family}{between}{given}")


@pytest.mark.parametrize(
    "heading",
    [
        "Imię i nazwisko", "Jméno a příjmení", "Nom et prénom", "Apellidos y nombre", "Nome completo", "Cognome e nome", "ФИО", "ПІБ",
        "Ονοματεπώνυμο", "الاسم", "نام و نام خانوادگی", "שם מלא", "छात्र का नाम", "姓名", "氏名", "이름", "Nama Lengkap", "Namn", "Navn", "Nimi",
        "Név", "Nume și prenume", "Adı Soyadı", "Naam", "Name (Last, First)", "Họ và tên",
    ],
)  # fmt: skip
def test_whole_names_are_found_in_many_languages(tmp_path: Path, heading: str) -> None:
    assert people(read(tmp_path, f'Matrikelnummer,"{heading}"\n3001,Ada Byron\n')) == [("3001", "Ada Byron")]


def test_a_specific_number_beats_a_general_one(tmp_path: Path) -> None:
    for heading in (
        "Nr.;Matrikelnummer",
        "ID;Student ID",
        "No;Admission No",
        "Username;Student Number",
        "№;Reg. No.",
    ):
        file = read(tmp_path, f"{heading};Name\n17;A/301;Ada B\n18;A/302;Bo C\n")
        assert people(file) == [("A/301", "Ada B"), ("A/302", "Bo C")]


@pytest.mark.parametrize("heading", ["No", "#", "№", "S/N", "Lfd. Nr.", "ID", "Roll No."])
def test_a_number_that_counts_lines_is_said_to_do_so(tmp_path: Path, heading: str) -> None:
    assert read(tmp_path, f"{heading},Name\n1,Ada\n2,Bo\n3,Cy\n").reading.counts_lines


def test_the_schools_own_numbers_do_not_count_lines(tmp_path: Path) -> None:
    assert not read(tmp_path, "No,Name\n101,Ada\n102,Bo\n").reading.counts_lines
    assert not read(tmp_path, "student_no,Name\n1,Ada\n2,Bo\n").reading.counts_lines


def test_names_are_joined_from_their_parts(tmp_path: Path) -> None:
    assert people(read(tmp_path, "student_no,Name,Surname\n1,Ann,Example\n")) == [("1", "Ann Example")]
    assert people(read(tmp_path, "student_no,Name,Vorname\n1,Muster,Anna\n")) == [("1", "Anna Muster")]
    assert people(read(tmp_path, "student_no,First,Middle,Last\n1,Ann,Bo,Cy\n")) == [("1", "Ann Bo Cy")]
    assert people(read(tmp_path, "student_no,Voornaam,Tussenvoegsel,Achternaam\n1,Jan,van der,Berg\n")) == [
        ("1", "Jan van der Berg")
    ]
    assert people(
        read(tmp_path, "Matrícula,Primer apellido,Segundo apellido,Nombre\n9,García,Pérez,Ana\n")
    ) == [("9", "Ana García Pérez")]
    assert people(read(tmp_path, "Шифр;Фамилия;Имя;Отчество\n9;Иванова;Анна;Петровна\n")) == [
        ("9", "Иванова Анна Петровна")
    ]
    assert people(read(tmp_path, "student_no,Name,Surname\n1,Ann Example,Example\n")) == [
        ("1", "Ann Example")
    ]


def test_half_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListChoiceError, match="only one part of the names, “Surname”"):
        read(tmp_path, "student_no,Surname\n1,Example\n2,Sample\n")
    assert people(read(tmp_path, "student_no,Surname\n1,Ann Example\n")) == [("1", "Ann Example")]


def test_title_lines_and_two_rows_of_headings_are_passed(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        "Hill School,,,\nClass 7b; 2026/27,,,\n,,,\nStudent No,Name,,E-mail\n,Last,First,\n301,Byron,Ada,a@s.example\n302,Hopper,Grace,\n",
    )
    assert people(file) == [("301", "Ada Byron"), ("302", "Grace Hopper")]
    assert file.rows[0].line == 6


def test_columns_without_known_headings_are_guessed_by_what_stands_in_them(tmp_path: Path) -> None:
    rows = "3001,Ada Byron,7b\n3002,Grace Hopper,7b\n3005,Alan Turing,7b\n"
    file = read(tmp_path, f"kode,wer,wo\n{rows}")
    assert (len(file.rows), file.reading.is_guess, taken(file)) == (3, True, ("kode", ["wer"]))
    bare = read(tmp_path, rows)
    assert (len(bare.rows), bare.reading.is_guess, taken(bare)) == (3, True, ("A", ["B"]))


def test_columns_can_be_chosen(tmp_path: Path) -> None:
    content = "ID,Student ID,Last,First,Alias\n9,301,Byron,Ada,Al\n"
    for number in ("ID", "id", "A", "1", "#1"):
        assert people(read(tmp_path, content, choices=ListChoices(number=number)))[0][0] == "9"
    file = read(tmp_path, content, choices=ListChoices(names=("Last", "First")))
    assert people(file) == [("301", "Byron Ada")]
    with pytest.raises(FileFormatError, match="no column Nobody"):
        read(tmp_path, content, choices=ListChoices(number="Nobody"))


@pytest.mark.parametrize(
    "number",
    ["12-Nov", "Nov-12", "05.03.2026", "2026-03-05", "3/5/2026", "05.Mär", "1.23E10", "1.23E+10", "5E+11", "123.0", "1.234", "TRUE", "WAHR"],
)  # fmt: skip
def test_what_excel_makes_of_numbers_is_refused_by_name(tmp_path: Path, number: str) -> None:
    file = read(tmp_path, f"student_no;full_name\n{number};Ann\n301;Bo\n")
    assert people(file) == [("301", "Bo")]
    assert number in file.refused[0].reason


@pytest.mark.parametrize(
    "number", ["2026/CS/0417", "12-345", "7E12A", "1.2.3", "NOV-2026-1", "19990101", "13-13-2026"]
)
def test_numbers_that_only_look_odd_are_taken(tmp_path: Path, number: str) -> None:
    assert people(read(tmp_path, f"student_no;full_name\n{number};Ann\n")) == [(number, "Ann")]


def test_numbers_are_unwrapped(tmp_path: Path) -> None:
    file = read(tmp_path, 'student_no,full_name\n="00123",Ann\n"=""00124""",Bo\n\'00125,Cy\n')
    assert people(file) == [("00123", "Ann"), ("00124", "Bo"), ("00125", "Cy")]


@pytest.mark.parametrize("name", ["#N/A", "#NAME?", "#BEZUG!", "####"])
def test_errors_of_a_spreadsheet_are_no_names(tmp_path: Path, name: str) -> None:
    file = read(tmp_path, f"student_no,full_name\n301,{name}\n302,Bo\n")
    assert (people(file), file.refused[0].line) == ([("302", "Bo")], 2)


def test_a_bad_optional_address_costs_nobody_the_place(tmp_path: Path) -> None:
    rows = "101,A,n/a\n102,B,-\n103,C,c@a.example; c@b.example\n104,D,D <d@a.example>\n105,E,e@localhost\n106,F,f@münchen.example\n"
    file = read(tmp_path, f"student_no,full_name,email\n{rows}")
    assert [row.email for row in file.rows] == [None] * 5 + ["f@münchen.example"]
    assert [note.line for note in file.notes] == [4, 5, 6]


def test_signs_that_nobody_sees_are_told(tmp_path: Path) -> None:
    file = read(tmp_path, "student_no,full_name\n\u200b00123,An\u202cn\n00124,علی\u200cرضا\n")
    assert people(file) == [("00123", "Ann"), ("00124", "علی\u200cرضا")]
    assert [note.line for note in file.notes] == [2]


def test_digits_of_any_script_are_numbers(tmp_path: Path) -> None:
    assert [one for one, _name in people(read(tmp_path, "student_no,full_name\n١٢٣٤,a\n۱۲۳۵,b\n１２３６,c\n"))] == [
        "1234", "1235", "1236",
    ]  # fmt: skip


def test_namesakes_in_one_list_are_two_and_are_told(tmp_path: Path) -> None:
    file = read(tmp_path, "student_no,full_name\n0101,Ann B\n101,Ann B\n205,Bo\n206,Bo\n")
    assert len(file.rows) == 4
    assert [note.text for note in file.notes] == [
        "Ann B is in the list as 0101 and as 101, which differ only by zeros.",
        "Bo is in the list twice, as 205 and as 206.",
    ]


def test_letters_that_the_file_itself_lost_are_told(tmp_path: Path) -> None:
    file = read(tmp_path, "student_no,full_name\n1,JÃ¶rg MÃ¼ÃŸig\n2,M?ller\n3,H\ufffdlya\n4,Zoë\n5,Who?\n")
    assert [note.line for note in file.notes] == [2, 3, 4]


def test_a_name_that_is_cut_at_a_comma_is_refused(tmp_path: Path) -> None:
    file = read(
        tmp_path, 'student_no,full_name,class\n1,Example, Ann,7b\n2,"Sample, Bob",7b\n3,Cy Third,7b\n'
    )
    assert people(file) == [("2", "Sample, Bob"), ("3", "Cy Third")]
    assert "quotation marks" in file.refused[0].reason


def test_headings_on_each_page_and_sums_are_no_students(tmp_path: Path) -> None:
    file = read(tmp_path, "student_no,full_name\nS1,Ann\nstudent_no,full_name\nS2,Bo\nTotal,2\n")
    assert people(file) == [("S1", "Ann"), ("S2", "Bo")]
    assert [one.line for one in file.refused] == [5]


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (
            "sourcedId,status,role,username,givenName,familyName,identifier\nx1,active,student,ab,Ada,Byron,0071\n",
            ["x1"],
        ),
        (
            'Student,ID,SIS User ID,SIS Login ID,Section\n"Byron, Ada",8812,S001,ab,A\n"Hopper, Grace",8830,S002,gh,A\n',
            ["8812", "8830"],
        ),
        ("ID,student_no,full_name\n1,S001,Ada Byron\n2,S002,Grace Hopper\n", ["", ""]),
        ("External ID,student_no,full_name\nq,S001,Ada Byron\nq,S002,Grace Hopper\n", ["", ""]),
        ("student_no,full_name\nS001,Ada Byron\n", [""]),
    ],
)
def test_the_id_of_the_system_is_kept_where_there_is_one(
    tmp_path: Path, content: str, ids: list[str]
) -> None:
    path = tmp_path / "users.csv"
    path.write_text(content, encoding="utf-8")
    assert [row.system_id for row in read_roster_file(path).rows] == ids
