"""What headings of class lists mean, in the languages of schools, and in the exports of their systems. Pure.

Headings are compared without case, accents, blanks, punctuation, and what stands in brackets.
"""

import re
from enum import Enum, auto
from functools import cache
from typing import Final

from kiosk.domain.people.students import fold
from kiosk.reports.courses.guardian_headings import is_guardians_email


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
    GUARDIAN_EMAIL = auto()
    """Of a parent or guardian."""


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
mã sinh viên; mã số sinh viên; mssv; mã học sinh; mã hs; mã sv; รหัสนักศึกษา; รหัสนักเรียน; รหัสประจำตัว; เลขประจำตัว; เลขประจำตัวนักเรียน;
id-nummer; idnummer; studenten id; studierenden id; kennummer; interne id nummer; externkey; extern key; schlüssel extern;
mat no; mat nr; usn; prn; symbol no; symbol number; lrn; learner reference number; learner reference no; student ref no; adno;
admno; other id; employee id; employeeid; employee number; pupil reference; candidate number; candidate no; student #;
index nr; canvas sis id; sis student id; student identification number; student id no; school id; school id number; state id;
ssid; suid; cwid; 900 number; emplid; empl id; eagle id; hall ticket no; htno; gr no; gr number; register no; register number;
registered number; numéro d'identification; identifiant national; n° national; ine élève; n° identification; numéro de ID;
número id; nº id escolar; n° id escolar; id escolar; número de identificación; identificador; cédula; nº de expediente;
número de carné; codice identificativo; codice sidi; numero id; numer ID; identyfikator; pesel; kod ucznia;
número de identificação; rgm; registro acadêmico; nº usp; id numarası; kimlik no; öğrenci kimlik no; tc kimlik no;
t.c. kimlik no; индивидуальный номер; таб номер; зачётка; зачетка; № зачётки; № студ билета; номер студ билета;
логин дневника; снилс; ідентифікаційний номер; № студентського квитка; залікової книжки; № залікової книжки; залікової книжки; студентського квитка; студентски номер; studento numeris;
studento pažymėjimo numeris; mokinio numeris; asmens kodas; studento kodas; studenta apliecības numurs; studenta numurs;
personas kods; skolēna numurs; õpilaskood; üliõpilaskood; matrikli number; isikukood; tudengi number; jmbag; jmbg;
broj indeksa; indeks; br indeksa; matični broj; oib; број индекса; бр индекса; индекс; матични број; број на индекс;
матичен број; vpisna številka; vpisna št; matična številka; факултетен номер; фак номер; фн; ф.н.; ученически номер; егн;
номер в дневника; numri i studentit; numri i amzës; nr i amzës; numri i indeksit; tələbə nömrəsi; tələbə kodu; şagird nömrəsi;
fin; студент нөмірі; оқушы нөмірі; жсн; иин; talaba raqami; o'quvchi raqami; pinfl; jshshir; სტუდენტის ნომერი; პირადი ნომერი;
მოსწავლის ნომერი; ուսանողի համար; ուսանողական համար; оюутны код; оюутны дугаар; сурагчийн код; регистрийн дугаар; codi alumne;
codi de l'alumne; número d'alumne; niu; ralc; número d'identificació; ikasle zenbakia; ikasle kodea; kennitala; nemendanúmer;
studentenommer; leerdernommer; leerder nommer; no matrik; no. matrik; no kad pengenalan; no pelajar; no. pelajar;
namba ya mwanafunzi; namba ya usajili; reg namba; رول نمبر; رجسٹریشن نمبر; طالب علم نمبر; داخلہ نمبر; شناختی نمبر;
شماره دانشجو; ش دانشجویی; شماره ملی; الرقم الدراسي; رقم الطالب الجامعي; الرقم الوطني; الرقم التسلسلي للطالب; رقم التلميذ;
رقم مسار; رمز مسار; رقم الجلوس; الرقم الامتحاني; শিক্ষার্থী নম্বর; শিক্ষার্থী আইডি; রেজিস্ট্রেশন নম্বর; নিবন্ধন নম্বর;
ছাত্র নম্বর; மாணவர் எண்; பதிவு எண்; சேர்க்கை எண்; విద్యార్థి సంఖ్య; హాల్ టికెట్ నంబర్; రిజిస్ట్రేషన్ నంబర్; विद्यार्थी नम्बर;
दर्ता नम्बर; दर्ता नं; सिम्बोल नम्बर; नोंदणी क्रमांक; हजेरी क्रमांक; વિદ્યાર્થી નંબર; નોંધણી નંબર; જી આર નંબર; ਵਿਦਿਆਰਥੀ ਨੰਬਰ;
ਦਾਖਲਾ ਨੰਬਰ; ವಿದ್ಯಾರ್ಥಿ ಸಂಖ್ಯೆ; ನೋಂದಣಿ ಸಂಖ್ಯೆ; വിദ്യാർത്ഥി നമ്പർ; അഡ്മിഷൻ നമ്പർ; രജിസ്റ്റർ നമ്പർ; ශිෂ්‍ය අංකය;
ඇතුළත් වීමේ අංකය; ලියාපදිංචි අංකය; የተማሪ መለያ; የተማሪ መለያ ቁጥር; መለያ ቁጥር; ကျောင်းသားအမှတ်; ကျောင်းဝင်အမှတ်; ခုံအမှတ်; ခုံနံပါတ်;
អត្តលេខ; អត្តលេខសិស្ស; លេខសម្គាល់សិស្ស; ລະຫັດນັກສຶກສາ; ລະຫັດນັກຮຽນ; mã số sv; mã số hs; mã số học sinh; mssv hs; 學生證; 学生证; 工号;
學生號碼; 学籍号码; 学生番号id
"""

_LOGIN: Final = """
sis login id; login id; username; user name; login; user id; userid; loginid; kennung; benutzername; benutzerkennung; nom d'utilisateur;
identifiant; usuario; nombre de usuario; utilizador; nome utente; gebruikersnaam; nazwa użytkownika; login name; anmeldename; uid; netid;
kullanıcı adı; логин; имя пользователя; логін; roll no; roll number; rollno; index no; index number; रोल नंबर; अनुक्रमांक; sourcedid; external id; externalid;
studentenkennung; loginname; anmelde name; korisničko ime; uporabniško ime; vartotojo vardas; lietotājvārds; kasutajanimi;
потребителско име; اسم المستخدم; نام کاربری; שם משתמש; 用户名; 帳號; ユーザー名; 사용자 이름; 아이디; käyttäjätunnus; felhasználónév;
nume utilizator; användarnamn; brukernavn; brugernavn; roll #; रोल नं; রোল; রোল নম্বর; রোল নং; ரோல் எண்; రోల్ నంబర్; રોલ નંબર;
ਰੋਲ ਨੰਬਰ; ರೋಲ್ ನಂ; റോൾ നമ്പർ
"""

_GENERAL: Final = """
number; no; nr; id; code; nummer; numéro; numero; número; num; nro; numer; číslo; numara; номер; αριθμός; رقم; الرقم; شماره; کد; מספר; संख्या; क्रमांक;
编号; 編號; 番号; 번호; nomor; numero; szám; număr; numărul; azonosító; kod; código; codice; code élève; codigo; kennzahl; mã; รหัส; เลขที่;
număr; unique id; internal id; reference; ref; ref no; nummern;
আইডি; numeris; numurs; number id; број; broj; številka; numri; nömrə; raqam; ნომერი; համար; дугаар; zenbakia; nommer; nombor;
namba; நம்பர்; எண்; সংখ্যা; 識別碼; ตัวเลข; លេខ; ເລກ
"""

_RUNNING: Final = """
lfd nr; lfd; lfdnr; lfd no; laufende nummer; laufnummer; s/n; sn; s no; s.no.; sl no; sl; slno; sr no; srno; serial; serial no; serial number; sno;
#; №; № п/п; no п/п; n п/п; п/п; № з/п; no з/п; з/п; item; line; row; row no; position; pos; n° d'ordre; numéro d'ordre; ordre; nº orden; orden;
n.º de ordem; ordem; nº de lista; número de lista; no de lista; progressivo; n progressivo; volgnummer; volgnr; lp; l.p.; poř; poř č; pořadí;
por č; p č; poradie; sıra; sıra no; s.no; αα; α/α; مسلسل; م; الرقم المسلسل; التسلسل; ردیف; מס'; מס; מספר סידורי; क्रम; क्रम संख्या; क्र सं;
क्र; क्रमसंख्या; 序号; 序號; 连番; 連番; no; 순번; 연번; nomor urut; no urut; løpenr; løbenummer; löpnr; löpnummer; järjestysnumero; jnro; sorszám; ssz;
nr crt; nr. crt.; nr curent; stt; ลำดับ; ลำดับที่; ที่;
eil nr; eilės nr; nr p k; npk; jrk; jrk nr; r br; rbr; red br; redni broj; редни број; р бр; рб; реден број; zap št; zap; št;
t/r; հ/հ; zk; bil; bilangan; na; nambari; nr ord; núm d'ordre; lf nr; folgenr; nr rendor; nr rendor.; д/д; р/с; раднр;
نمبر شمار; سیریل نمبر; شمار; ক্রমিক; ক্রমিক নং; ক্রমিক নম্বর; வ.எண்; வரிசை எண்; క్ర.సం; క్రమ సంఖ్య; अ.क्र.; अनुक्रम; अनु क्र;
सि.नं.; क्र.नं.; ક્રમ; ક્રમ નં; ਲੜੀ ਨੰ; ਲੜੀ ਨੰਬਰ; ಕ್ರ.ಸಂ; ಕ್ರಮ ಸಂಖ್ಯೆ; ക്രമ നമ്പർ; ക്രമനമ്പർ; අංකය; අනු අංකය; ተ.ቁ; ተራ ቁጥር;
စဉ်; ល.រ; ល.រ.; ລຳດັບ; ລ/ດ; ت; رقم تسلسلي; تسلسل; رت; ر.ت; ع/ر; ر/ت; مס"ד; מס"ד; מסד; אינדקס; 座號; 座号; 座位号; 出席番号; 出席no; 項次; 项次;
項番; 出席番號; 행번호; 출석번호; rang; seat; seat no; record number; tt; tartib raqami; sıra nömrəsi; рет; реттік нөмірі; р/н
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
nombre; nome; nom; noms; nume; numele; jméno; meno; ad; adı; имя; ім'я; име; όνομα; نام;
student full name; full name lfm; full name fml; learner's name; learners name; name of the candidate; name of candidate;
name of learner; name of the learner; surname and initials; surname & initials; surname, name; name and surname;
names of students; name of students; students' names; participant; participant name; member name; child name; childs name;
sortable name; student name last first; student name (last, first); vorname name; teilnehmername; teilnehmende; mitglied;
lernende; lernender; schüler/in; schüler*in; schüler/innen; name der lernenden; naam student; naam van de leerling;
nom de l'apprenant; apprenant; nom usuel; nome do(a) aluno(a); nome do(a) estudante; nome do discente; discente;
nominativo alunno; nome studente; nome alunno; vardas, pavardė; vardas pavardė; pavardė, vardas; pavardė vardas; studentas;
mokinys; vārds, uzvārds; vārds uzvārds; uzvārds, vārds; uzvārds vārds; skolēns; ees- ja perekonnanimi; õpilane; ime i prezime;
prezime i ime; ime prezime; prezime ime; učenik; име презиме; презиме име; ученик име; ime in priimek; priimek in ime; učenec;
dijak; emri mbiemri; emri dhe mbiemri; nxënësi; adı, soyadı; ad, soyad; soyadı, adı; soyad, ad; ad soyad ata adı; a.s.a.;
аты-жөні; аты жөні; тегі, аты; тегі аты; т.а.ә.; f.i.sh.; fish; f.i.o.; fio; ism familiya; familiya ism; ismi va familiyasi;
სახელი და გვარი; გვარი, სახელი; სახელი, გვარი; სახელი გვარი; անուն ազգանուն; ազգանուն անուն; ազգանուն, անուն; овог нэр;
овог, нэр; бүтэн нэр; сурагчийн нэр; оюутны нэр; nom i cognoms; cognoms i nom; cognoms, nom; alumne; nom de l'alumne;
izen-abizenak; izena eta abizenak; abizenak, izena; nome e apelidos; apelidos e nome; nafn; fullt nafn; nafn nemanda;
naam en van; van en naam; van en voorletters; leerder; nama penuh; nama murid; buong pangalan; pangalan;
pangalan ng mag-aaral; jina kamili; jina; jina la mwanafunzi; піб студента; піб учня; піб здобувача; фио учащегося;
ф.и.о. студента; фамилия и инициалы; фамилия, инициалы; слушатель; участник; имя и фамилия; трите имена; име на ученика;
ученик/ученичка; مکمل نام; طالب علم کا نام; نام طالب علم; اسم الطالب الرباعي; اسم الطالب الثلاثي; الاسم واللقب; اللقب والاسم;
الاسم و اللقب; النسب والاسم; الاسم والنسب; الإسم; الإسم الكامل; الاسم الرباعي واللقب; اسم المتعلم; اسم الطالب/ة;
اسم الطالب كاملا; שם ומשפחה; שם + משפחה; שם משפחה ופרטי; שם משפחה + שם פרטי; שם הלומד; নাম; শিক্ষার্থীর নাম; ছাত্রের নাম;
পূর্ণ নাম; பெயர்; மாணவர் பெயர்; மாணவரின் பெயர்; முழுப்பெயர்; పేరు; విద్యార్థి పేరు; పూర్తి పేరు; नाव; विद्यार्थ्याचे नाव;
पूर्ण नाव; विद्यार्थीको नाम; पूरा नामथर; नाम थर; નામ; વિદ્યાર્થીનું નામ; પૂરું નામ; ਨਾਮ; ਵਿਦਿਆਰਥੀ ਦਾ ਨਾਮ; ਪੂਰਾ ਨਾਮ; ಹೆಸರು;
ವಿದ್ಯಾರ್ಥಿಯ ಹೆಸರು; ವಿದ್ಯಾರ್ಥಿ ಹೆಸರು; പേര്; വിദ്യാർത്ഥിയുടെ പേര്; മുഴുവൻ പേര്; නම; ශිෂ්‍ය නම; සම්පූර්ණ නම; ሙሉ ስም; የተማሪ ስም; ስም;
အမည်; ကျောင်းသားအမည်; ឈ្មោះ; ឈ្មោះសិស្ស; គោត្តនាម និងនាម; ຊື່; ຊື່ ແລະ ນາມສະກຸນ; ຊື່ນັກຮຽນ; tên học sinh; tên sinh viên;
họ tên sv; họ và tên hs; họ và tên sinh viên; họ và tên học sinh; họ tên học sinh; họ tên sinh viên; ชื่อนักเรียน;
ชื่อ - สกุล; ชื่อ - นามสกุล; ชื่อนักศึกษา; 姓名（中文）; 学员姓名; 學員姓名; 學生名字; 氏名漢字; 受講者名; 受講者氏名; 이름(한글); 수강생; 학생 성명; 성 명; ime; emri;
vardas; vārds; ismi; ism; аты; სახელი; անուն; нэр; izena; ад
"""

_GIVEN: Final = """
first name; firstname; given name; other names; other name; othernames; given names; givenname; forename; forenames; first names; first; given; student first name; first_name; legal first name;
preferred given name; christian name; vorname; vornamen; rufname; prénom; prénoms; nombres; prenom; primer nombre; nombre propio; nome próprio; primeiro nome;
nome proprio; voornaam; voornamen; roepnaam; imię; imiona; pierwsze imię; křestní jméno; öğrencinin adı; имя ученика;
собствено име; ονομα μαθητη; الاسم الأول; الاسم الشخصي; שם פרטי; पहला नाम; प्रथम नाम; 名; 下の名前; nama depan; förnamn; fornavn; etunimi;
etunimet; keresztnév; utónév; prenume; prenumele; tên; ชื่อ; first name(s);
legal forename; legal given name; preferred first name; preferred forename; preferred name; chosen name; fore name;
forename(s); eesnimi; eesnimed; ismi sharifi; pirmas vardas; fornafn; eiginnafn; skírnarnafn; nama pertama; nama pemberian;
unang pangalan; jina la kwanza; پہلا نام; নামের প্রথম অংশ; প্রথম নাম; முதல் பெயர்; మొదటి పేరు; पहिलो नाम; पहिले नाव;
પ્રથમ નામ; ਪਹਿਲਾ ਨਾਮ; ಮೊದಲ ಹೆಸರು; ആദ്യ പേര്; මුල් නම; ስም የመጀመሪያ; នាម; ຊື່ແທ້; tên gọi; nombre(s); nombre de pila;
primer nombre del alumno; prénom(s); prénom usuel; nome do aluno próprio; ime učenika; ime studenta; მოსწავლის სახელი
"""

_MIDDLE: Final = """
middle name; middle names; middlename; middle; middle initial; mi; second name; zweiter vorname; deuxième prénom; segundo nombre; nome do meio;
secondo nome; tussenvoegsel; tussenvoegsels; voorvoegsel; drugie imię; ikinci ad; mellomnavn; mellemnavn; mellannamn; tên đệm; मध्य नाम; نام پدر و جد
"""

_PATRONYMIC: Final = "әкесінің аты; otasining ismi; ata adı; отчество; по батькові; по-батькові; бащино име; patronymic; презиме по баща"

_FAMILY: Final = """
last name; lastname; surname; family name; familyname; surnames; last; family; student last name; last_name; legal last name; nachname; familienname;
zuname; nom de famille; apellidos; apellido; primer apellido; apellido paterno; sobrenome; apelido; apelidos; último nome; cognome; achternaam;
familienaam; nazwisko; příjmení; priezvisko; soyadı; soyad; soyisim; öğrencinin soyadı; фамилия; прізвище; фамилия ученика; презиме; фамилно име; επώνυμο;
επίθετο; επωνυμο μαθητη; اللقب; اسم العائلة; الاسم العائلي; النسب; الكنية; نام خانوادگی; نام‌خانوادگی; שם משפחה; उपनाम; कुलनाम; 姓; 氏; 姓氏; 苗字; 성; nama belakang;
nama keluarga; efternamn; etternavn; efternavn; slektsnavn; sukunimi; vezetéknév; családnév; családi név; nume de familie; numele de familie;
họ; họ đệm; họ và tên đệm; นามสกุล; สกุล;
legal surname; legal family name; longname; long name; surname(s); apellido(s); primer apellido del alumno; nom d'usage;
nom patronymique; nom de naissance; sobrenomes; pavardė; uzvārds; perekonnanimi; perenimi; prezime; priimek; prezime učenika;
prezime studenta; mbiemri; familiyasi; familiya; soyadi; тегі; გვარი; ազգանուն; овог; cognoms; cognom; abizenak; abizena;
eftirnafn; kenninafn; van; nama keluarga; apelyido; jina la ukoo; خاندانی نام; পদবি; পদবী; পারিবারিক নাম; குடும்பப் பெயர்;
ఇంటి పేరు; आडनाव; थर; અટક; ਉਪਨਾਮ; ಉಪನಾಮ; കുടുംബപ്പേര്; වාසගම; የአባት ስም; គោត្តនាម; ນາມສະກຸນ; שם המשפחה; اسم الأب واللقب;
الاسم الأخير; لقب; لقب العائلة; 姓（漢字）; 성씨
"""

_SECOND_FAMILY: Final = "segundo apellido; apellido materno; second surname; second last name"

_EMAIL: Final = """
email; e-mail; email address; e-mail address; student email; mail; email_addr; school email; e mail; emailaddress; student_email; primary email; emails;
e-mail-adresse; emailadresse; mailadresse; adresse e-mail; adresse mail; adresse électronique; courriel; mél; correo; correo electrónico; correo institucional;
e-mail institucional; indirizzo email; indirizzo e-mail; posta elettronica; e-mailadres; emailadres; adres e-mail; adres email; e-posta; eposta; e-posta adresi; epost;
e-post; e-postadress; e-postadresse; электронная почта; эл почта; эл. почта; почта; адрес электронной почты; електронна пошта; пошта; имейл; ηλεκτρονικό ταχυδρομείο;
ηλ ταχυδρομείο; البريد الإلكتروني; البريد; ایمیل; پست الکترونیکی; דואל; דוא"ל; מייל; אימייל; ईमेल; ई-मेल; 邮箱; 电子邮件; 电子邮箱; 電子郵件; 電郵; メール; メールアドレス; 이메일;
surel; alamat email; sähköposti; sähköpostiosoite; adresă email; adresa de email; adresa email; e-mail cím; email cím;
adresse de courriel; dirección de correo; dirección de correo electrónico; correo-e; endereço de e-mail; endereço de email;
correio eletrónico; correio electrónico; e-posta adresi; адрес эл почты; e-mail адрес; электронный адрес; електронна адреса;
el paštas; el. paštas; elektroninis paštas; e-pasts; e-pasta adrese; e-posti aadress; meil; e-naslov; e-mail adresa;
adresa elektronske pošte; adreça electrònica; correu electrònic; helbide elektronikoa; netfang; tölvupóstur; ई मेल; ইমেইল; 电邮;
信箱; 電子信箱; メール アドレス; 이메일 주소; thư điện tử; อีเมล; อีเมล์; school email address; student email address; user email;
userprincipalname; sis email
"""

SPECIFIC, LOGIN, GENERAL, RUNNING = 3, 2, 1, 0
"""How surely a heading means the student number; a running number never does by itself."""


_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]|（[^）]*）|【[^】]*】")
_SAME_LETTERS: Final = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ـ": None, "ې": "ی"})
"""Arabic and Persian keyboards write one letter by two codes; the stroke that stretches a word is none."""


def key_of(heading: str) -> str:
    """The form in which headings are compared."""
    bare = _BRACKETS.sub("", heading)
    folded = fold(bare if bare.strip() else heading).translate(_SAME_LETTERS)
    return re.sub(r"[\W_]+", "", folded) or heading.strip()


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


_OF_STUDENTS: Final = re.compile(
    r"\b(?:of the (?:students?|pupils?|learners?|candidates?)|(?:students?|pupils?|learners?|candidates?|participants?)(?:['’]s?)?"
    r"|studenta|studentu|studentë(?:s|ve)|учня|учащегося|обучающегося|слушателя|здобувача|студента|ученика|alun[oa]|alumn[oe]s?|eleve|élève)\b",
    re.IGNORECASE,
)
"""Whose number or name it is, which a heading may say or leave out."""
_TABLES: Final = re.compile(r"(?:students?|users?|pupils?|people|persons?|s|u)\.(?=\w)", re.IGNORECASE)
"""What an export of a database puts before a heading."""


def meaning_of(heading: str) -> tuple[ColumnRole, int] | None:
    """What a heading says, and how strongly (thousands as `SPECIFIC`…); None where it says nothing."""
    if heading.strip().rstrip(".:") in {"#", "№"}:
        return ColumnRole.NUMBER, RUNNING * 1000
    if is_guardians_email(heading):
        return ColumnRole.GUARDIAN_EMAIL, SPECIFIC * 1000
    said = _TABLES.sub("", heading.strip(), count=1) if _TABLES.match(heading.strip()) else heading
    said = said.replace("#", " no ")
    key = key_of(said)
    return _table().get(key) or _shortened(key) or _without_more(said)


def _without_more(heading: str) -> tuple[ColumnRole, int] | None:
    """What a heading says without whose it is, and without a *no* at its end that says a number once more."""
    bare = _OF_STUDENTS.sub(" ", heading)
    for one in (bare, re.sub(r"\bn[o.º°]*\s*$", "", heading, flags=re.IGNORECASE)):
        if (
            key_of(one)
            and key_of(one) != key_of(heading)
            and (found := _table().get(key_of(one))) is not None
        ):
            return found
    return None


def _shortened(key: str) -> tuple[ColumnRole, int] | None:
    """What a heading says that begins with *Nº*, *Nro.* or the like in the place of *número* or *numéro*."""
    for short in ("nro", "num", "nr", "no", "n"):
        if key.startswith(short):
            found = _table().get("numero" + key.removeprefix(short))
            if found is not None and found[0] is ColumnRole.NUMBER:
                return found
    return None


_FAMILY_FIRST: Final = (
    "vezetéknév; családnév; családi név; họ; họ đệm; họ và tên đệm; фамилия; прізвище; тегі; овог"
)
_GIVEN_FIRST: Final = "име"
"""Bulgarian calls the family name as Russian does, and writes it last."""


def is_family_first(family_heading: str, given_heading: str = "") -> bool:
    """Whether a list with these headings writes family names first: Hungarian, Vietnamese, Russian and Ukrainian ones."""
    return key_of(family_heading) in {key_of(one) for one in _FAMILY_FIRST.split(";")} and key_of(
        given_heading
    ) != key_of(_GIVEN_FIRST)
