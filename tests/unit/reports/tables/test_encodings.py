"""Code pages are told by the words that they make; where that is not sure it is said."""

import pytest

from kiosk.errors import FileFormatError
from kiosk.reports.tables.encodings import decode

TEXTS = {
    "cp1252": ["Jörg Müßig\nZoë Ångström", "José Núñez\nMaría Peña", "François Lefèvre\nChloé Bœuf", "Søren Kjær\nÅse Bjørn", "João Gonçalves\nInês Conceição", "Þórður Jónsson\nSigríður Ýr"],
    "cp1250": ["Łukasz Wiśniewski\nŻaneta Kamińska", "Jiří Dvořák\nTomáš Růžička", "Gergő Kovács\nÁgnes Szőke", "Jan Kamiński\nEwa Kępa"],
    "cp1251": ["Иванова Анна\nПетров Борис", "Шевченко Олексій\nЇжакевич Ганна", "Живковић Ђорђе"],
    "cp1253": ["Παπαδόπουλος Γιώργος\nΜαρία Ιωάννου"],
    "cp1254": ["Gülşah Işık\nYiğit Çağrı", "Ayşe Yılmaz\nMehmet Öztürk"],
    "cp1255": ["דוד כהן\nשרה לוי"],
    "cp1256": ["محمد علي\nفاطمة الزهراء"],
    "cp1257": ["Jānis Bērziņš\nKazimieras Šidlauskas\nŽemaitė"],
    "cp874": ["สมชาย ใจดี\nสมหญิง รักเรียน"],
    "cp932": ["山田 太郎\n佐藤 花子"],
    "gb18030": ["王小明\n李红\n张伟"],
    "big5": ["王小明\n陳美玲\n張偉強"],
    "cp949": ["김철수\n이영희\n박지성"],
    "koi8_u": ["Иванова Анна\nПетров Борис"],
    "cp866": ["Иванова Анна\nПетров Борис"],
    "cp850": ["Jörg Müller\nZoë"],
    "mac_roman": ["Jörg Müller\nZoë\nFrançois"],
}  # fmt: skip
CASES = [(encoding, text) for encoding, texts in TEXTS.items() for text in texts]


def listed(text: str) -> str:
    return "no;name\r\n" + "".join(f"{place};{name}\r\n" for place, name in enumerate(text.split("\n"), 301))


def test_headings_say_the_language_where_names_would_do_for_two() -> None:
    text = "N° étudiant;Nom;Prénom\r\n0012;Dupont;Élodie\r\n0013;Lefèvre;Jean\r\n"
    read, encoding = decode("list.csv", text.encode("cp1252"))
    assert (read, encoding.name) == (text, "cp1252")


@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_the_code_page_that_makes_words_is_taken(encoding: str, text: str) -> None:
    read, found = decode("list.csv", listed(text).encode(encoding))
    assert read == listed(text)
    assert found.name in TEXTS


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1254", "İbrahim Şahin"), ("cp1250", "Şerban"), ("cp1257", "Ūla")]
)
def test_one_word_that_may_be_another_is_never_silently_wrong(encoding: str, text: str) -> None:
    read, found = decode("list.csv", listed(text).encode(encoding))
    assert read == listed(text) or (not found.sure and found.others)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_says_itself_what_it_is(encoding: str) -> None:
    read, found = decode("list.csv", listed("Zoë 山田\nعلي").encode(encoding))
    assert read == listed("Zoë 山田\nعلي")
    assert found.sure


def test_a_choice_wins() -> None:
    data = listed("Ewa Kępa").encode("cp1250")
    assert "Kêpa" in decode("list.csv", data, "cp1252")[0]
    assert "Kępa" in decode("list.csv", data, "windows-1250")[0]
    with pytest.raises(FileFormatError, match="cannot be read as utf-8"):
        decode("list.csv", data, "utf-8")
    with pytest.raises(FileFormatError, match="Known encodings"):
        decode("list.csv", data, "no-such-page")


def test_zero_bytes_are_named_with_their_line() -> None:
    with pytest.raises(FileFormatError, match="line 2 has a zero byte"):
        decode("list.csv", b"student_no,full_name\n101,Ann\0\n")
