"""What headings of class lists mean, in the languages of schools, and in the exports of their systems. Pure.

Headings are compared without case, accents, blanks, punctuation, and what stands in brackets.
"""

import re
from enum import Enum, auto
from functools import cache
from typing import Final

from kiosk.domain.people.students import fold


class ColumnRole(Enum):
    """What a column says about a student."""

    NUMBER = auto()
    NAME = auto()
    """The whole name; with a column of family names beside it, the given name, and the other way round."""
    GIVEN = auto()
    MIDDLE = auto()
    PATRONYMIC = auto()
    FAMILY = auto()
    SECOND_FAMILY = auto()
    EMAIL = auto()


_SPECIFIC: Final = """
student_no; student number; student nr; student no; students number; student id; student id number; student code; pupil id; pupil number;
pupil no; learner id; learner number; learner no; id number; sis user id; sis id; student_number; studentid; local id; local student id;
state student number; registration no; registration number; reg no; reg number; regn no; regd no; enrolment no; enrollment no;
enrolment number; enrollment number; enrollment id; admission no; admission number; adm no; adm number; matriculation no;
matriculation number; matric no; matric number; matriculation id; upn; uln;
univ id; university id; university number; campus id; banner id; scholar no; identifier; user identifier; org defined id; orgdefinedid;
matrikelnummer; matrikelnr; matrikel nr; matrikel; matr nr; matrnr; schülernummer; schüler nr; schülernr; schüler id; schülerid;
schülerausweisnummer; studierendennummer; personalnummer; martikelnummer;
numéro étudiant; no étudiant; numéro d'étudiant; n° étudiant; numéro élève; n° élève; identifiant élève; ine; numéro ine; matricule;
numéro d'élève; n° matricule; numéro national; code permanent; code apogée;
número de estudiante; matrícula; número de matrícula; nº matrícula; n° matrícula; n.º de matrícula; expediente; nº expediente;
número de expediente; código de estudiante; código estudiante; código alumno; código del alumno; carnet; carné; carnet estudiantil;
número de control; no de control; legajo; nie; nia; rut; registro académico; número de alumno; boleta;
ra; registro do aluno; número de aluno; nº de aluno; nº aluno; número do aluno; número do estudante; n.º mecanográfico; nº mecanográfico;
número mecanográfico; processo; nº processo; número de processo; código do aluno;
matricola; numero matricola; numero di matricola; n matricola; codice studente; numero studente; codice alunno;
studentnummer; leerlingnummer; stamnummer; leerlingnr; studentnr; leerling id;
numer albumu; nr albumu; numer indeksu; nr indeksu; numer ucznia; nr legitymacji; numer legitymacji; numer studenta;
číslo studenta; číslo žáka; osobní číslo; uco; učo; evidenční číslo; id studenta; číslo študenta; osobné číslo;
öğrenci no; öğrenci numarası; okul no; okul numarası; öğr no; öğrenci nosu; numarası;
номер зачётной книжки; номер зачетки; зачётная книжка; номер зачётки; № зачётной книжки; номер студенческого билета; студенческий билет;
№ студенческого билета; табельный номер; номер студента; личный номер; личный номер ученика; номер личного дела; шифр; шифр студента;
номер залікової книжки; залікова книжка; номер студентського квитка; студентський квиток; номер учня; номер студента; особистий номер;
αριθμός μητρώου; αρ μητρώου; α.μ.; αμ; α/μ; αριθμός μητρώου φοιτητή; αεμ; α.ε.μ.; αριθμός μαθητή;
رقم الطالب; الرقم الجامعي; رقم القيد; رقم التسجيل; الرقم الأكاديمي; رقم الهوية; رقم الطالبة; الرقم المدرسي; رقم المقعد;
شماره دانشجویی; شماره دانشجویی دانشجو; شماره دانش آموزی; شماره دانش‌آموزی; کد دانشجویی; کد دانش آموزی; کد ملی;
מספר סטודנט; מספר תלמיד; תעודת זהות; ת.ז.; ת"ז; מספר זהות; מס' סטודנט; מס' תלמיד; מספר אישי;
छात्र संख्या; छात्र क्रमांक; नामांकन संख्या; पंजीकरण संख्या; प्रवेश संख्या; विद्यार्थी क्रमांक;
学号; 學號; 学生号; 学籍号; 学生编号; 學生編號; 學生證號; 学生证号; 考号; 准考证号; 學籍號;
学籍番号; 学生番号; 生徒番号; 学籍no; 学生証番号; 児童番号; 受験番号;
학번; 학생번호; 학적번호; 수험번호;
nim; nis; nisn; nomor induk; no induk; nomor induk siswa; nomor induk mahasiswa; nomor pokok mahasiswa; npm; no induk siswa; no matrik;
elevnummer; elevnr; studentnummer; elev id; studienummer; studienr; kursistnummer; cpr; personnummer; kandidatnummer;
opiskelijanumero; opiskelijanro; oppilasnumero; oppilasnro; oppijanumero;
oktatási azonosító; neptun kód; neptunkód; neptun; tanulói azonosító; om azonosító; tanuló azonosító; diákigazolvány szám;
număr matricol; nr matricol; nr. matricol; numar matricol; cod student; cod elev; nr legitimație;
mã sinh viên; mã số sinh viên; mssv; mã học sinh; mã hs; mã sv; รหัสนักศึกษา; รหัสนักเรียน; รหัสประจำตัว; เลขประจำตัว; เลขประจำตัวนักเรียน
"""

_LOGIN: Final = """
sis login id; login id; username; user name; login; user id; userid; loginid; kennung; benutzername; benutzerkennung; nom d'utilisateur;
identifiant; usuario; nombre de usuario; utilizador; nome utente; gebruikersnaam; nazwa użytkownika; login name; anmeldename; uid; netid;
kullanıcı adı; логин; имя пользователя; логін; roll no; roll number; rollno; index no; index number; रोल नंबर; अनुक्रमांक; sourcedid; external id; externalid
"""

_GENERAL: Final = """
number; no; nr; id; code; nummer; numéro; numero; número; num; nro; numer; číslo; numara; номер; αριθμός; رقم; الرقم; شماره; کد; מספר; संख्या; क्रमांक;
编号; 編號; 番号; 번호; nomor; numero; szám; număr; numărul; azonosító; kod; código; codice; code élève; codigo; kennzahl; mã; รหัส; เลขที่;
număr; unique id; internal id; reference; ref; ref no; nummern
"""

_RUNNING: Final = """
lfd nr; lfd; lfdnr; lfd no; laufende nummer; laufnummer; s/n; sn; s no; s.no.; sl no; sl; slno; sr no; srno; serial; serial no; serial number; sno;
#; №; № п/п; no п/п; n п/п; п/п; № з/п; no з/п; з/п; item; line; row; row no; position; pos; n° d'ordre; numéro d'ordre; ordre; nº orden; orden;
n.º de ordem; ordem; nº de lista; número de lista; no de lista; progressivo; n progressivo; volgnummer; volgnr; lp; l.p.; poř; poř č; pořadí;
por č; p č; poradie; sıra; sıra no; s.no; αα; α/α; مسلسل; م; الرقم المسلسل; التسلسل; ردیف; מס'; מס; מספר סידורי; क्रम; क्रम संख्या; क्र सं;
क्र; क्रमसंख्या; 序号; 序號; 连番; 連番; no; 순번; 연번; nomor urut; no urut; løpenr; løbenummer; löpnr; löpnummer; järjestysnumero; jnro; sorszám; ssz;
nr crt; nr. crt.; nr curent; stt; ลำดับ; ลำดับที่; ที่
"""

_NAME: Final = """
full_name; full name; student name; students name; name of student; name of the student; name; names; pupil name; learner name; pupil;
candidate name; student; display name; displayname; lastfirst; last first; student_name; learner; name of pupil; complete name; legal name;
schülername; name des schülers; vollständiger name; vor und nachname; vor- und nachname; vorname nachname; nachname vorname; nachname, vorname;
name vorname; name, vorname; name und vorname; familienname vorname; schüler; schülerin; teilnehmer; studierende; studierender; name der schülerin;
nom et prénom; nom prénom; nom et prénoms; nom complet; élève; étudiant; nom de l'élève; nom de l'étudiant; prénom et nom; prénom nom; noms et prénoms;
nombre completo; apellidos y nombre; apellidos y nombres; apellidos, nombre; nombre y apellidos; nombres y apellidos; alumno; estudiante; apellido y nombre;
nombre del alumno; nombre del estudiante; alumno/a; nombre apellidos;
nome completo; aluno; nome do aluno; estudante; nome do estudante; cognome e nome; nome e cognome; cognome nome; nome cognome; studente; alunno; nominativo;
naam; volledige naam; naam leerling; leerling; naam student; imię i nazwisko; nazwisko i imię; uczeń; nazwisko imię; imię nazwisko; student; słuchacz;
jméno a příjmení; příjmení a jméno; celé jméno; žák; jméno žáka; jméno studenta; meno a priezvisko; priezvisko a meno; žiak;
adı soyadı; ad soyad; ad-soyad; adı-soyadı; öğrencinin adı soyadı; öğrenci adı soyadı; isim soyisim; öğrenci; adı ve soyadı; öğrenci adı; isim;
фио; ф.и.о.; фамилия имя отчество; фамилия имя; фамилия, имя, отчество; фамилия и имя; имя фамилия; ученик; студент; учащийся; обучающийся; полное имя;
ф.и.; фи; фио студента; фио ученика; фио обучающегося; піб; п.і.б.; прізвище ім'я по батькові; прізвище та ім'я; прізвище, ім'я; учень; здобувач; повне ім'я;
прізвище ім'я; піп; п.і.п.; име и презиме; презиме и име; три имена; имена;
ονοματεπώνυμο; επώνυμο όνομα; όνομα επώνυμο; επώνυμο και όνομα; μαθητής; φοιτητής; ονοματεπωνυμο μαθητη; ονομα και επωνυμο;
الاسم; اسم الطالب; الاسم الكامل; الاسم الثلاثي; الاسم الرباعي; اسم التلميذ; اسم الطالبة; الطالب; اسم;
نام و نام خانوادگی; نام و نام‌خانوادگی; نام کامل; نام دانشجو; نام دانش آموز; نام دانش‌آموز; نام خانوادگی و نام;
שם מלא; שם; שם התלמיד; שם הסטודנט; שם תלמיד; שם סטודנט; שם משפחה ושם פרטי; שם פרטי ומשפחה; תלמיד; שם התלמיד/ה;
नाम; छात्र का नाम; विद्यार्थी का नाम; पूरा नाम; छात्र नाम; विद्यार्थी नाम;
姓名; 名字; 学生姓名; 學生姓名; 氏名; 名前; 生徒名; 生徒氏名; 学生氏名; 児童名; お名前; 이름; 성명; 학생명; 학생이름; 학생 이름;
nama; nama lengkap; nama siswa; nama mahasiswa; nama peserta; nama pelajar; nama peserta didik;
namn; elev; elevens namn; fullständigt namn; för- och efternamn; navn; fullt navn; elevnavn; elevens navn; fornavn og etternavn; fulde navn; studerende;
nimi; koko nimi; oppilas; opiskelija; oppilaan nimi; opiskelijan nimi; sukunimi etunimi; sukunimi ja etunimi;
név; teljes név; tanuló neve; hallgató neve; tanuló; hallgató; nume și prenume; numele și prenumele; nume prenume; nume complet; elev; numele elevului;
nume si prenume; numele si prenumele; họ và tên; họ tên; ชื่อ-สกุล; ชื่อ-นามสกุล; ชื่อ สกุล; ชื่อ นามสกุล; ชื่อและนามสกุล;
nombre; nome; nom; noms; nume; numele; jméno; meno; ad; adı; имя; ім'я; име; όνομα; نام
"""

_GIVEN: Final = """
first name; firstname; given name; other names; other name; othernames; given names; givenname; forename; forenames; first names; first; given; student first name; first_name; legal first name;
preferred given name; christian name; vorname; vornamen; rufname; prénom; prénoms; nombres; prenom; primer nombre; nombre propio; nome próprio; primeiro nome;
nome proprio; voornaam; voornamen; roepnaam; imię; imiona; pierwsze imię; křestní jméno; öğrencinin adı; имя ученика;
собствено име; ονομα μαθητη; الاسم الأول; الاسم الشخصي; שם פרטי; पहला नाम; प्रथम नाम; 名; 下の名前; nama depan; förnamn; fornavn; etunimi;
etunimet; keresztnév; utónév; prenume; prenumele; tên; ชื่อ; first name(s)
"""

_MIDDLE: Final = """
middle name; middle names; middlename; middle; middle initial; mi; second name; zweiter vorname; deuxième prénom; segundo nombre; nome do meio;
secondo nome; tussenvoegsel; tussenvoegsels; voorvoegsel; drugie imię; ikinci ad; mellomnavn; mellemnavn; mellannamn; tên đệm; मध्य नाम; نام پدر و جد
"""

_PATRONYMIC: Final = "отчество; по батькові; по-батькові; бащино име; patronymic; презиме по баща"

_FAMILY: Final = """
last name; lastname; surname; family name; familyname; surnames; last; family; student last name; last_name; legal last name; nachname; familienname;
zuname; nom de famille; apellidos; apellido; primer apellido; apellido paterno; sobrenome; apelido; apelidos; último nome; cognome; achternaam;
familienaam; nazwisko; příjmení; priezvisko; soyadı; soyad; soyisim; öğrencinin soyadı; фамилия; прізвище; фамилия ученика; презиме; фамилно име; επώνυμο;
επίθετο; επωνυμο μαθητη; اللقب; اسم العائلة; الاسم العائلي; النسب; الكنية; نام خانوادگی; نام‌خانوادگی; שם משפחה; उपनाम; कुलनाम; 姓; 氏; 姓氏; 苗字; 성; nama belakang;
nama keluarga; efternamn; etternavn; efternavn; slektsnavn; sukunimi; vezetéknév; családnév; családi név; nume de familie; numele de familie;
họ; họ đệm; họ và tên đệm; นามสกุล; สกุล
"""

_SECOND_FAMILY: Final = "segundo apellido; apellido materno; second surname; second last name"

_EMAIL: Final = """
email; e-mail; email address; e-mail address; student email; mail; email_addr; school email; e mail; emailaddress; student_email; primary email; emails;
e-mail-adresse; emailadresse; mailadresse; adresse e-mail; adresse mail; adresse électronique; courriel; mél; correo; correo electrónico; correo institucional;
e-mail institucional; indirizzo email; indirizzo e-mail; posta elettronica; e-mailadres; emailadres; adres e-mail; adres email; e-posta; eposta; e-posta adresi; epost;
e-post; e-postadress; e-postadresse; электронная почта; эл почта; эл. почта; почта; адрес электронной почты; електронна пошта; пошта; имейл; ηλεκτρονικό ταχυδρομείο;
ηλ ταχυδρομείο; البريد الإلكتروني; البريد; ایمیل; پست الکترونیکی; דואל; דוא"ל; מייל; אימייל; ईमेल; ई-मेल; 邮箱; 电子邮件; 电子邮箱; 電子郵件; 電郵; メール; メールアドレス; 이메일;
surel; alamat email; sähköposti; sähköpostiosoite; adresă email; adresa de email; adresa email; e-mail cím; email cím
"""

SPECIFIC, LOGIN, GENERAL, RUNNING = 3, 2, 1, 0
"""How surely a heading means the student number; a running number never does by itself."""


def key_of(heading: str) -> str:
    """The form in which headings are compared."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", heading)
    return re.sub(r"[\W_]+", "", fold(bare if bare.strip() else heading)) or heading.strip()


@cache
def _table() -> dict[str, tuple[ColumnRole, int]]:
    """Role and strength by key; what is named first wins."""
    lists = (
        (_RUNNING, ColumnRole.NUMBER, RUNNING),
        (_SPECIFIC, ColumnRole.NUMBER, SPECIFIC),
        (_LOGIN, ColumnRole.NUMBER, LOGIN),
        (_GENERAL, ColumnRole.NUMBER, GENERAL),
        (_FAMILY, ColumnRole.FAMILY, SPECIFIC),
        (_SECOND_FAMILY, ColumnRole.SECOND_FAMILY, SPECIFIC),
        (_GIVEN, ColumnRole.GIVEN, SPECIFIC),
        (_PATRONYMIC, ColumnRole.PATRONYMIC, SPECIFIC),
        (_MIDDLE, ColumnRole.MIDDLE, SPECIFIC),
        (_NAME, ColumnRole.NAME, SPECIFIC),
        (_EMAIL, ColumnRole.EMAIL, SPECIFIC),
    )
    table: dict[str, tuple[ColumnRole, int]] = {}
    for words, role, strength in lists:
        for place, word in enumerate(words.split(";")):
            if key := key_of(" ".join(word.split())):
                # The plain “No” is a general number; only as “№” or with a word it counts lines.
                known = table.setdefault(key, (role, strength * 1000 + 999 - place))
                if known[0] is ColumnRole.NUMBER and role is ColumnRole.NAME:
                    table[key] = (role, strength * 1000 + 999 - place)
    for key in ("no", "n"):
        table[key] = (ColumnRole.NUMBER, GENERAL * 1000 + 999)
    return table


def meaning_of(heading: str) -> tuple[ColumnRole, int] | None:
    """What a heading says, and how strongly (thousands as `SPECIFIC`…); None where it says nothing."""
    if heading.strip().rstrip(".:") in {"#", "№"}:
        return ColumnRole.NUMBER, RUNNING * 1000
    key = key_of(heading)
    return _table().get(key) or _shortened(key)


def _shortened(key: str) -> tuple[ColumnRole, int] | None:
    """What a heading says that begins with *Nº*, *Nro.* or the like in the place of *número* or *numéro*."""
    for short in ("nro", "num", "nr", "no", "n"):
        if key.startswith(short):
            found = _table().get("numero" + key.removeprefix(short))
            if found is not None and found[0] is ColumnRole.NUMBER:
                return found
    return None


_FAMILY_FIRST: Final = "vezetéknév; családnév; családi név; họ; họ đệm; họ và tên đệm; фамилия; прізвище"


def is_family_first(family_heading: str) -> bool:
    """Whether a list with this heading of family names writes these first: Hungarian, Vietnamese, Russian and Ukrainian ones."""
    return key_of(family_heading) in {key_of(one) for one in _FAMILY_FIRST.split(";")}
