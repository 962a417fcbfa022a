"""Headings of class lists that mean the e-mail address of a parent or guardian, in the languages of schools. Pure.

Such a heading says two things in any order, with or without brackets: whose address it is, and that it is one.
"""

import re
from typing import Final

from kiosk.domain.people.students import fold

_WORDS: Final = """
parent; parents; guardian; guardians; mother; father; mum; mom; dad; carer; caregiver; next of kin; parent guardian; family contact;
eltern; elternteil; mutter; vater; erziehungsberechtigte; erziehungsberechtigter; erziehungsberechtigten; sorgeberechtigte; sorgeberechtigter;
responsable 1; responsable 2; responsables légaux; responsable légal; resp légal; représentant légal; tuteur; tutrice; mère; père; parents d'élève;
padre; madre; padres; tutor legal; padre madre tutor; apoderado; apoderada; acudiente; representante legal;
pai; mãe; pais; encarregado de educação; enc educação; responsável; responsável legal; genitore; genitori; esercente; madre padre;
ouder; ouders; verzorger; voogd; moeder; vader; rodzic; rodzica; rodziców; rodzice; opiekun prawny; opiekuna prawnego; matka; matki; ojciec; ojca;
rodič; rodiče; rodičů; zákonný zástupce; zákonného zástupce; zák zástupce; zákonný zástupca; zákonného zástupcu; rodič; rodiča; matka; otec;
veli; velisi; veli adı; anne; baba; родитель; родителя; родителей; родители; мать; матери; мама; отец; отца; папа; законный представитель;
законного представителя; опекун; опекуна; батьки; батьків; батько; мати; законний представник; законного представника; родител; настойник;
γονέας; γονέα; γονέων; κηδεμόνας; κηδεμόνα; μητέρα; μητέρας; πατέρας; πατέρα; родитељ; roditelj; roditelja; skrbnik; skrbnika; starš; starša; staršev;
ولي الأمر; ولي أمر; لولي الأمر; لولي; ولي; الأب; الأم; الوالد; الوالدة; الوالدين; والدین; ولی; پدر; مادر; سرپرست; הורה; הורים; ההורים; אפוטרופוס; אמא; אבא;
अभिभावक; माता पिता; पिता; माता; पालक; সংশ্লিষ্ট অভিভাবক; অভিভাবক; பெற்றோர்; తల్లిదండ్రులు; વાલી; ਮਾਪੇ; ಪೋಷಕರು; രക്ഷിതാവ്; والد; والدہ;
家长; 家長; 监护人; 監護人; 父母; 父亲; 母亲; 保護者; 父; 母; 학부모; 보호자; 부모; 어머니; 아버지;
orang tua; orangtua; ortu; wali murid; wali siswa; ibu bapa; penjaga; vårdnadshavare; förälder; foresatt; foresatte; forelder; forælder; forældre;
huoltaja; huoltajan; vanhempi; vanhemman; szülő; szülői; gondviselő; anya; apa; părinte; părinți; părinte tutore; reprezentant legal; mama; tata;
phụ huynh; cha mẹ; bố mẹ; bố; mẹ; ผู้ปกครอง; บิดา; มารดา; tėvas; tėvai; tėvų; mama; globėjas; vecāki; vecāku; aizbildnis;
lapsevanem; lapsevanema; vanem; hooldaja; prind; prindi; prindërit; valideyn; valideynin; ata ana; ота она; ota ona; ата ана; ата анасы;
მშობელი; მშობლის; ծնող; ծնողի; эцэг эх; эцэг эхийн; асран хамгаалагч; pare; mare; tutor legal; gurasoak; gurasoen; foreldri; forráðamaður;
ouer; ouers; voog; mzazi; mlezi; magulang; የወላጅ; ወላጅ; មាតាបិតា; ພໍ່ແມ່
"""

_ADDRESS: Final = re.compile(
    r"e[\s._-]*mail|mail|correo|courriel|\bmél\b|e[\s._-]*post|eposta|posta elettronica|почт|пошт|имейл|имеил|ел адрес|"
    r"ταχυδρομ|البريد|بريد|برید|ایمیل|ای میل|پست الکترونیک|דוא|מייל|אימייל|ईमेल|ई[\s-]?मेल|ইমেইল|மின்னஞ்சல்|邮|郵|メール|이메일|surel|sähköposti|"
    r"pašt|pasts|netfang|tölvupóst|อีเมล|thư điện tử|correu|ელ[\s.-]*ფოსტ|էլ[\s.-]*փոստ|имэйл|እ?ኢሜይል|barua pepe",
    re.IGNORECASE,
)
"""That something is an e-mail address, as a part of a word."""


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", fold(text)).split())


_WHOSE: Final = re.compile(
    "|".join(
        rf"(?<!\w){re.escape(one)}(?:['’]?s)?(?:\s?\d)?(?!\w)"
        if one.isascii() or len(one) > 1
        else re.escape(one)
        for one in sorted({_plain(word) for word in _WORDS.split(";") if word.strip()}, key=len, reverse=True)
    )
)
_UNSPACED: Final = tuple(
    _plain(one)
    for one in (
        "家长",
        "家長",
        "监护人",
        "監護人",
        "父母",
        "父亲",
        "母亲",
        "保護者",
        "학부모",
        "보호자",
        "ผู้ปกครอง",
    )
)
"""Scripts that put no blanks between words."""


def is_guardians_email(heading: str) -> bool:
    """Whether a column with this heading holds addresses of parents or guardians."""
    if not _ADDRESS.search(heading):
        return False
    plain = _plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))
    return _WHOSE.search(plain) is not None or any(one in plain for one in _UNSPACED)
