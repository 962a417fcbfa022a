"""Class lists that bit others, further kinds: exports as they come, headings of more languages, what a sheet hides, errors of spreadsheets."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from kiosk.domain.courses.list_columns import ListChoices
from kiosk.errors import FileFormatError
from kiosk.reports.courses.roster_file import read_roster_file
from kiosk.services.ports.outputs import ListChoiceError, RosterFile
from tests.unit.reports.courses.test_lists_of_schools import people, read, taken

ADA = ("0071", "Ada Byron")

EXPORTS = {
    "Canvas users": (
        (
            "user_id,login_id,first_name,last_name,full_name,sortable_name,email,status\n"
            '0071,ada,Ada,Byron,Ada Byron,"Byron, Ada",ada@s.example,active\n'
            '0072,bob,Bob,Gone,Bob Gone,"Gone, Bob",bob@s.example,deleted\n'
        ),
        ADA,
        ["Bob Gone was left out: the list says “deleted”."],
    ),
    "Canvas gradebook": (
        (
            "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,HW (1),Score\n,,,,,Manual Posting,(read only)\n"
            '"    Points Possible",,,,,10,(read only)\n"Byron, Ada",4711,0071,ada,7b,9,90\n"Student, Test",4799,,f00d,7b,,\n'
        ),
        ("0071", "Byron, Ada"),
        ["It has neither a number nor a name and was left out: Manual Posting."],
    ),
    "Brightspace": (
        "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n#0071,#ada,Byron,Ada,ada@s.example,#\n",
        ADA,
        [],
    ),
    "ILIAS members": (
        (
            "Benutzername;Nachname;Vorname;Matrikelnummer;E-Mail;Rolle\nada;Byron;Ada;0071;a@u.example;Mitglied\n"
            "tom;Teach;Tom;9001;t@u.example;Kurstutor\n"
        ),
        ADA,
        ["Tom Teach was left out: the list says “Kurstutor”."],
    ),
    "PowerSchool": (
        "STUDENTS.Student_Number\tSTUDENTS.LastFirst\tSTUDENTS.DCID\n0071\tByron, Ada\t77\n",
        ("0071", "Byron, Ada"),
        [],
    ),
    "WebUntis": ("name;longName;foreName;klasse.name;externKey\nByrAda;Byron;Ada;7b;0071\n", ADA, []),
    "Google Workspace": (
        "First Name [Required],Last Name [Required],Email Address [Required],Employee ID\nAda,Byron,ada@s.example,0071\n",
        ADA,
        [],
    ),
    "Moodle in German": (
        "Vorname,Nachname,ID-Nummer,E-Mail-Adresse\nAda,Byron,0071,ada@s.example\n",
        ADA,
        [],
    ),
    "Moodle in French": (
        "Prénom,Nom de famille,Numéro d’identification,Adresse de courriel\nAda,Byron,0071,a@s.example\n",
        ADA,
        [],
    ),
    "Moodle in Spanish": (
        "Nombre,Apellido(s),Número de ID,Dirección de correo\nAda,Byron,0071,a@s.example\n",
        ADA,
        [],
    ),
    "Blackboard in German": (
        '"Nachname"\t"Vorname"\t"Benutzername"\t"Studenten-ID"\n"Byron"\t"Ada"\t"ada"\t"0071"\n',
        ADA,
        [],
    ),
    "SIMS": ("Legal Surname,Legal Forename,Adno,Reg\nByron,Ada,0071,7B\n", ADA, []),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_are_taken_as_they_come(tmp_path: Path, name: str) -> None:
    content, student, notes = EXPORTS[name]
    file = read(tmp_path, content)
    assert people(file) == [student]
    assert file.refused == ()
    assert [note.text for note in file.notes] == notes


def test_what_canvas_itself_counts_its_users_by_is_asked_about(tmp_path: Path) -> None:
    file = read(tmp_path, 'Student,ID,Section\n"Byron, Ada",4711,7b\n')
    assert file.reading.is_guess


LANGUAGES = {
    "az": "№;Tələbə nömrəsi;Ad;Soyad",
    "bg": "№;Факултетен номер;Име;Фамилия",
    "bn": "ক্রমিক নং;শিক্ষার্থী নম্বর;প্রথম নাম;পদবি",
    "ca": "Núm.;Codi alumne;Nom;Cognoms",
    "et": "Jrk;Õpilaskood;Eesnimi;Perekonnanimi",
    "eu": "Zk.;Ikasle zenbakia;Izena;Abizenak",
    "fil": "No.;LRN;Pangalan;Apelyido",
    "hr": "R. br.;JMBAG;Ime;Prezime",
    "hy": "Հ/Հ;Ուսանողի համար;Անուն;Ազգանուն",
    "is": "Nr.;Kennitala;Fornafn;Eftirnafn",
    "ka": "№;სტუდენტის ნომერი;სახელი;გვარი",
    "lt": "Eil. Nr.;Studento numeris;Vardas;Pavardė",
    "lv": "Nr.p.k.;Studenta apliecības numurs;Vārds;Uzvārds",
    "ms": "Bil;No. Matrik;Nama Pertama;Nama Keluarga",
    "ne": "क्र.सं.;विद्यार्थी नम्बर;पहिलो नाम;थर",
    "sl": "Zap. št.;Vpisna številka;Ime;Priimek",
    "sq": "Nr.;Numri i studentit;Emri;Mbiemri",
    "sr": "Редни број;Број индекса;Име;Презиме",
    "sw": "Na.;Namba ya mwanafunzi;Jina la kwanza;Jina la ukoo",
    "ur": "نمبر شمار;رول نمبر;پہلا نام;خاندانی نام",
    "uz": "T/r;Talaba raqami;Ismi;Familiyasi",
}
WHOLE = {
    "am": "ተ.ቁ;የተማሪ መለያ;ሙሉ ስም",
    "ar": "ت;الرقم الجامعي;اسم الطالب الرباعي",
    "en": "#;Reg #;Learner's Name",
    "en of India": "Sr. No.;PRN;Name of the Candidate",
    "en of South Africa": "No;Student #;Surname and Initials",
    "es": "#;Legajo N°;Apellido y Nombre",
    "fa typed with Arabic letters": "رديف;شماره دانشجويي;نام و نام خانوادگي",
    "he": 'מס"ד;ת"ז;שם ומשפחה',
    "ja": "出席番号;学籍番号;氏名（漢字）",
    "km": "ល.រ;អត្តលេខ;ឈ្មោះ",
    "kk": "№;Студент нөмірі;Аты-жөні",
    "lo": "ລຳດັບ;ລະຫັດນັກສຶກສາ;ຊື່",
    "mr": "अ.क्र.;विद्यार्थी क्रमांक;विद्यार्थ्याचे नाव",
    "my": "စဉ်;ကျောင်းသားအမှတ်;အမည်",
    "ru": "№ п.п.;Зачетка;Студент (ФИО)",
    "si": "අංකය;ශිෂ්‍ය අංකය;නම",
    "ta": "வ.எண்;மாணவர் எண்;பெயர்",
    "te": "క్ర.సం;విద్యార్థి సంఖ్య;పేరు",
    "uk": "№;№ залікової книжки;ПІБ студента",
    "vi": "STT;Mã số SV;Họ tên SV",
    "zh": "座號;學號;姓名",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_of_names_are_joined_in_more_languages(tmp_path: Path, language: str) -> None:
    assert people(read(tmp_path, f"{LANGUAGES[language]}\n1;0071;Ada;Byron\n2;0072;Bob;Cole\n"))[0] == ADA


@pytest.mark.parametrize("language", WHOLE)
def test_whole_names_and_the_schools_numbers_are_found_in_more_languages(
    tmp_path: Path, language: str
) -> None:
    file = read(tmp_path, f"{WHOLE[language]}\n1;0071;Ada Byron\n2;0072;Bob Cole\n")
    assert people(file)[0] == ADA
    assert not file.reading.counts_lines


def test_half_a_name_is_not_taken_for_the_whole_where_its_other_half_is_not_understood(
    tmp_path: Path,
) -> None:
    with pytest.raises(ListChoiceError, match="only one part of the names, “Nom”"):
        read(tmp_path, "Matricule;Nom;Llinatge\n0071;Ada;Byron\n0072;Bob;Cole\n")
    chosen = read(
        tmp_path, "Matricule;Nom;Ville\n0071;Ada;Lyon\n0072;Bob;Metz\n", choices=ListChoices(names=("Nom",))
    )
    assert people(chosen) == [("0071", "Ada"), ("0072", "Bob")]


@pytest.mark.parametrize(
    "error",
    [
        *("#¡REF!", "#¿NOMBRE?", "#Н/Д", "#ССЫЛКА!", "#GETTING_DATA", "Err:502", "#N/B", "#YOK", "#BAŞV!", "#HIÁNYZIK", "#I/T"),
        *("#DIV/0!", "#نام؟", "Fehler:508", "Erreur :502", "####"),
    ],
)  # fmt: skip
def test_errors_in_the_languages_of_spreadsheets_are_neither_number_nor_name(
    tmp_path: Path, error: str
) -> None:
    file = read(tmp_path, f"student_no,full_name\n{error},Bob Cole\n0072,{error}\n0071,Ada Byron\n")
    assert people(file) == [ADA]
    assert file.refused[0].reason == f"“{error}” is an error of the spreadsheet."
    assert len(file.refused) == 2


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("А00123", "letters of another alphabet that only look like A to Z: А"),
        ("ИКБО-01-23", "letters can only be A to Z, without accents; it has Б, И, К, О"),
        ("A 123 456", "without blanks"),
    ],
)
def test_a_number_that_cannot_be_one_says_why(tmp_path: Path, number: str, words: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(tmp_path, f"student_no,full_name\n{number},Ada Byron\n")
    assert words in caught.value.hint


@pytest.mark.parametrize("number", ["S–123", "S‑123", "S−123", "’S-123", "#S-123"])
def test_numbers_lose_what_word_processors_and_systems_put_into_them(tmp_path: Path, number: str) -> None:
    assert read(tmp_path, f"student_no,full_name\n{number},Ada Byron\n").rows[0].student_no == "S-123"


@pytest.mark.parametrize("comma", ["，", "；", "؛"])
def test_commas_of_other_scripts_divide_where_no_usual_one_does(tmp_path: Path, comma: str) -> None:
    assert people(read(tmp_path, f"student_no{comma}full_name\n0071{comma}Ada Byron\n")) == [ADA]
    assert people(read(tmp_path, f"student_no;full_name\n0071;Ada{comma} Byron\n")) == [
        ("0071", f"Ada{comma} Byron")
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[{"student_no":"0071","full_name":"Ada Byron"}]', "is a JSON file"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related\n\n<table>", "is a saved web page"),
    ],
)
def test_other_files_under_the_name_of_a_list_are_named(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(FileFormatError, match=words):
        read(tmp_path, content)


def test_lines_below_the_students_are_named_and_not_refused(tmp_path: Path) -> None:
    file = read(tmp_path, "No;Student No;Name\n1;0071;Ada Byron\nSigned: T. Teach;;\n2;;Bob Cole\n")
    assert people(file) == [ADA]
    assert [note.text for note in file.notes] == [
        "It has neither a number nor a name and was left out: Signed: T. Teach."
    ]
    assert [one.reason for one in file.refused] == ["The student number is missing."]


def book(tmp_path: Path, *, lines: tuple[int, ...] = (), columns: str = "") -> RosterFile:
    path = tmp_path / "list.xlsx"
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (
        ("Matrikelnummer", "Student No", "Name"),
        ("901", "0071", "Ada Byron"),
        ("902", "0072", "Bob Cole"),
    ):
        sheet.append(row)
    for line in lines:
        sheet.row_dimensions[line].hidden = True
    for letter in columns:
        sheet.column_dimensions[letter].hidden = True
    workbook.save(path)
    return read_roster_file(path)


def test_lines_behind_a_filter_are_not_meant_and_are_said(tmp_path: Path) -> None:
    file = book(tmp_path, lines=(3,))
    assert people(file) == [ADA]
    assert [note.text for note in file.notes] == ["Lines that are hidden, as by a filter, were not read: 3."]
    assert len(book(tmp_path, lines=(1, 2, 3)).rows) == 2


def test_hidden_columns_are_not_meant_where_the_others_make_a_list(tmp_path: Path) -> None:
    file = book(tmp_path, columns="B")
    assert people(file) == [("901", "Ada Byron"), ("902", "Bob Cole")]
    assert [note.text for note in file.notes] == ["Columns that are hidden were not read: B."]
    needed = book(tmp_path, columns="AB")
    assert taken(needed)[0] == "Student No"
    assert needed.notes == ()
