"""Which letters the bytes of a text file are: by its marks, as Unicode, or by which code page makes words of it. Any thread.

Files without Unicode say nothing about their code page. Every usual one is tried; the one whose words look like words wins:
letters of one script, capitals only in front, letters that languages of that code page use, no signs inside words. What
`charset-normalizer` thinks counts a little. Where another code page makes other words that look nearly as well, that is said.
"""

import codecs
import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Final

from charset_normalizer import from_bytes

from kiosk.errors import FileFormatError
from kiosk.reports.tables.sheets import Encoding
from kiosk.translation import _
from kiosk.wording.code_pages import CODE_PAGES

_WESTERN: Final = (
    "àâæçéèêëîïôœùûüÿ", "áéíñóúüïç", "àáâãçéêíóôõúü", "äöüßéëèå", "åäöéüøë", "æøåéö", "áðéíóúýþæö", "àèéìîòù", "áéíóúëïöüè",
    "àçéèíïóòúü", "äöõü",
)  # fmt: skip
_MIDDLE: Final = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "äöüßé")
_TURKISH: Final = ("çğıöşüâîûi̇",)
_LATIN: Final = {
    "cp1252": _WESTERN,
    "cp850": _WESTERN,
    "mac_roman": _WESTERN,
    "cp1250": _MIDDLE,
    "iso8859_2": _MIDDLE,
    "cp852": _MIDDLE,
    "cp1254": _TURKISH,
    "cp857": _TURKISH,
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
    "cp1258": ("ăâđêôơưáàéèóòúùíìýãõ",),
}
"""Letters with signs of the languages that a Latin code page is made for, a language each."""

_OTHERS: Final = {
    "cp1251": "CYRILLIC", "koi8_u": "CYRILLIC", "cp866": "CYRILLIC", "cp1253": "GREEK", "cp1255": "HEBREW",
    "cp1256": "ARABIC", "cp874": "THAI",
}  # fmt: skip
_EASTERN: Final = ("cp932", "euc_jp", "gb18030", "big5", "cp949")
_FREQUENT_CYRILLIC: Final = frozenset("оаеинтсрвлкмдпуягбьзчыйхжшюцщэфъёіїєґў")
_RARE: Final = frozenset("ΰΐъщэћќѕฃฅฆฌฎฏฐฑฒฤฦฯ")
"""Letters of other scripts that names have seldom, by the frequencies of their languages."""

_PRIOR: Final = {
    "cp1252": 0.0, "cp1257": -0.7, "iso8859_2": -0.8, "cp850": -0.7, "mac_roman": -0.7, "cp852": -0.9, "cp857": -1.0,
    "koi8_u": -0.3, "cp866": -0.3, "cp1258": -1.3, "euc_jp": -0.3, "big5": -0.1,
}  # fmt: skip
"""How much rarer an encoding is; others have -0.2. In the unit of a mean letter."""

_OF_HEADINGS: Final = {
    "cp1252": (
        "prénom", "étudiant", "élève", "numéro", "vorname", "nachname", "schüler", "apellido", "nombre", "matrícula", "sobrenome",
        "cognome", "achternaam", "förnamn", "efternamn", "fornavn", "etternavn", "etunimi", "sukunimi",
    ),
    "cp1250": ("jméno", "příjmení", "imię", "nazwisko", "vezetéknév", "keresztnév", "név", "priezvisko", "prezime", "nume"),
    "cp1254": ("öğrenci", "soyadı", "adı", "soyad"),
}  # fmt: skip
"""Words of headings by which a list says its language, where letters alone would do for several."""
OF_HEADING: Final = 0.4
HEADING_LINES: Final = 20

SAMPLE: Final = 20_000
"""Bytes beyond ASCII that are looked at, with their lines."""
CLOSE: Final = 0.6
"""A code page whose words look worse by less than this is said as another possibility."""
POOR: Final = -1.6
"""Below this even the best one does not look like words."""
NO_WORDS: Final = -5.0
"""Below this it is no text at all."""


def decode(name: str, data: bytes, wanted: str | None = None) -> tuple[str, Encoding]:
    """The text and how its letters were read; `wanted` is a choice of a person.

    Raises:
        FileFormatError: No text, or not in the encoding that is wanted.
    """
    if wanted is not None:
        return _as_wanted(name, data, wanted), Encoding(_key(wanted))
    try:
        if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return data.decode("utf-32"), Encoding("utf-32")
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _whole(name, data.decode("utf-16")), Encoding("utf-16")
        if b"\0" in data[:1000]:
            even, odd = data[0:1000:2].count(0), data[1:1000:2].count(0)
            if max(even, odd) > 4 * min(even, odd) + 2:
                text = data.decode("utf-16-le" if odd > even else "utf-16-be")
                return _whole(name, text), Encoding("utf-16")
        _refuse_zeros(name, data)
        return data.decode("utf-8-sig"), Encoding("utf-8")
    except UnicodeDecodeError:
        _refuse_zeros(name, data)
        return _by_words(name, data)


def _as_wanted(name: str, data: bytes, wanted: str) -> str:
    key = _key(wanted)
    try:
        return data.decode("utf-8-sig" if key == "utf-8" else key).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        raise FileFormatError(
            _("{name} cannot be read as {encoding}.", name=name, encoding=wanted),
            _("Known encodings: {known}.", known=", ".join(CODE_PAGES)),
        ) from error


def _key(wanted: str) -> str:
    """An encoding by the name that `CODE_PAGES` has for it, else as Python has."""
    try:
        found = codecs.lookup(wanted).name
    except (LookupError, ValueError):
        return wanted
    return next((one for one in CODE_PAGES if codecs.lookup(one).name == found), found)


def _refuse_zeros(name: str, data: bytes) -> None:
    place = data.find(b"\0")
    if place >= 0:
        raise FileFormatError(
            _(
                "{name} is not a text: line {line} has a zero byte.",
                name=name,
                line=data.count(b"\n", 0, place) + 1,
            ),
            _(
                "The file is damaged, or another program's own format. Save the list as CSV UTF-8 or as .xlsx."
            ),
        )


def _whole(name: str, text: str) -> str:
    if "\0" in text:
        raise _unreadable(name)
    return text


def _by_words(name: str, data: bytes) -> tuple[str, Encoding]:
    sample = _sample(data)
    guessed = _guess_of_library(sample)
    scores: dict[str, float] = {}
    words: dict[str, str] = {}
    for encoding in CODE_PAGES:
        if encoding.startswith("utf"):
            continue
        try:
            data.decode(encoding)
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        words[encoding] = " ".join(_words(text))
        scores[encoding] = _score(text, encoding) + (0.3 if encoding == guessed else 0.0)
        scores[encoding] += OF_HEADING if _speaks(data, encoding) else 0.0
    ranked = sorted(scores, key=lambda one: scores[one], reverse=True)
    if not ranked or scores[ranked[0]] < NO_WORDS:
        raise _unreadable(name)
    best = ranked[0]
    others: list[str] = []
    for one in ranked[1:]:
        near = scores[one] > max(scores[best] - CLOSE, POOR - 1)
        if near and words[one] not in {words[known] for known in (best, *others)}:
            others.append(one)
    sure = not others and scores[best] > POOR
    return data.decode(best), Encoding(best, sure, tuple(others[:3]))


def _speaks(data: bytes, encoding: str) -> bool:
    """Whether the first lines have a heading of a language that this code page is made for."""
    first = b"\n".join(data.splitlines()[:HEADING_LINES]).decode(encoding, "replace").casefold()
    words = set(re.findall(r"[^\W\d_]+", first))
    return any(one in words for one in _OF_HEADINGS.get(encoding, ()))


def _sample(data: bytes) -> bytes:
    """Whole lines with bytes beyond ASCII, up to `SAMPLE` of those."""
    lines, count = [], 0
    for line in data.splitlines(keepends=True):
        beyond = sum(byte > 127 for byte in line)
        if beyond:
            lines.append(line)
            count += beyond
        if count > SAMPLE:
            break
    return b"".join(lines)


def _guess_of_library(sample: bytes) -> str:
    best = from_bytes(
        sample[:5000], cp_isolation=[one for one in CODE_PAGES if not one.startswith("utf")]
    ).best()
    return _key(best.encoding) if best is not None else ""


def _words(text: str) -> list[str]:
    """Pieces with letters or signs beyond ASCII."""
    return [word for word in re.split(r"[\s,;\t\"'.|()-]+", text) if not word.isascii()]


def _score(text: str, encoding: str) -> float:
    """How much the pieces beyond ASCII look like words: the mean of their signs, 0 for usual letters, and the prior."""
    words = Counter(_words(text))
    signs = {word: sum(not sign.isascii() for sign in word) for word in words}
    count = sum(signs[word] * times for word, times in words.items())
    if not count:
        return -20.0
    total = sum(times * _word_score(word, encoding) for word, times in words.items())
    languages = _LATIN.get(encoding)
    foreign = 0
    if languages is not None:
        foreign = min(
            sum(signs[word] * times for word, times in words.items() if not _is_spelt_with(word, letters))
            for letters in languages
        )
    return (total - foreign) / count + _PRIOR.get(encoding, -0.2)


def _is_spelt_with(word: str, letters: str) -> bool:
    return all(sign.isascii() or not sign.isalpha() or sign in letters for sign in word.lower())


def _word_score(word: str, encoding: str) -> float:
    beyond = [sign for sign in word if not sign.isascii()]
    score = sum(_sign_score(sign, encoding) for sign in beyond)
    scripts = {_script(sign) for sign in word if sign.isalpha()}
    if len(scripts) > 1 and not scripts <= {"KANA", "HAN"}:
        score -= 8 * len(beyond)
    if any(one.islower() and two.isupper() and not two.isascii() for one, two in pairwise(word)):
        score -= 3 * len(beyond)
    if word[0].islower() and not word[0].isascii():
        score -= 0.5 * len(beyond)  # names begin with a capital where there are any
    if unicodedata.category(word[0])[0] == "M":
        score -= 6 * len(beyond)
    languages = _LATIN.get(encoding)
    if languages is not None:
        score -= 3 * len(re.findall(r"[^\x00-\x7f]{3,}", word))
        score -= 2 * _unlikely_neighbours(word.lower())
        if not any(_is_spelt_with(word, letters) for letters in languages):
            score -= len(beyond)
    elif encoding == "cp874" and len(word) > 2 and not re.search("[\u0e30-\u0e45\u0e4d]", word):
        score -= len(beyond)
    return score


def _unlikely_neighbours(word: str) -> int:
    """Letters of Western Europe where they do not stand: ñ before a consonant or at the end, æ at the end."""
    return len(re.findall(r"ñ(?=[bcdfghjklmpqrstvwxyz])|(?<=[^\W\d_])[æÿ]$|ñ$", word))


def _sign_score(sign: str, encoding: str) -> float:
    category = unicodedata.category(sign)
    if category in {"Cc", "Co", "Cn", "Cs"}:
        return -20.0
    if category in {"Mn", "Mc", "Cf"}:
        return 0.0 if encoding in {"cp874", "cp1256", "cp1255", "cp1258"} else -6.0
    if category[0] != "L":
        return -0.5 if sign in "–—’‘“”«»„№…· \u00a0、，。・（）：；" else -6.0
    if encoding in _LATIN:
        if _script(sign) != "LATIN":
            return -6.0
        return 0.0
    if encoding in _OTHERS:
        if _script(sign) != _OTHERS[encoding]:
            return -5.0
        usual = encoding not in {"cp1251", "koi8_u", "cp866"} or sign.lower() in _FREQUENT_CYRILLIC
        return (-1.5 if sign.lower() in _RARE else 0.0) if usual else -2.0
    return _eastern_score(sign, encoding)


def _eastern_score(sign: str, encoding: str) -> float:
    """Letters of the first level of each character set are those that people write; the rest is rare."""
    script = _script(sign)
    if "\uff61" <= sign <= "\uff9f":
        return -2.0
    if encoding == "cp949":
        return 0.0 if script == "HANGUL" else -2.5
    if script == "HANGUL" or (script == "KANA" and encoding not in {"cp932", "euc_jp"}):
        return -4.0
    if script not in {"HAN", "KANA"}:
        return -5.0
    return 0.0 if script == "KANA" or _is_first_level(sign, encoding) else -2.0


@cache
def _is_first_level(sign: str, encoding: str) -> bool:
    """Rows 16 to 55 of GB 2312, 16 to 47 of JIS X 0208, and A4 to C6 of Big5."""
    low, high, as_encoded = {
        "gb18030": (0xB0, 0xD7, "gb2312"),
        "big5": (0xA4, 0xC6, "big5"),
        "cp932": (0xB0, 0xCF, "euc_jp"),
        "euc_jp": (0xB0, 0xCF, "euc_jp"),
    }[encoding]
    try:
        raw = sign.encode(as_encoded)
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and low <= raw[0] <= high


@cache
def _script(sign: str) -> str:
    name = unicodedata.name(sign, "")
    if name.startswith(("HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA")):
        return "KANA"
    return {"CJK": "HAN"}.get(first := name.split(" ")[0].split("-")[0], first)


def _unreadable(name: str) -> FileFormatError:
    return FileFormatError(
        _("{name} is not a text in a usual encoding.", name=name),
        _("Save the list as CSV UTF-8 or as .xlsx."),
    )
