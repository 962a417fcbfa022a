"""How the letters of a text file can be read, and what people call it. Pure; any thread."""

from typing import Final

from kiosk.translation import N_, _

CODE_PAGES: Final = {
    "utf-8": N_("Unicode (UTF-8)"),
    "utf-16": N_("Unicode (UTF-16)"),
    "cp1252": N_("Western Europe (Windows-1252)"),
    "cp1250": N_("Central Europe (Windows-1250)"),
    "cp1251": N_("Cyrillic (Windows-1251)"),
    "cp1253": N_("Greek (Windows-1253)"),
    "cp1254": N_("Turkish (Windows-1254)"),
    "cp1255": N_("Hebrew (Windows-1255)"),
    "cp1256": N_("Arabic (Windows-1256)"),
    "cp1257": N_("Baltic (Windows-1257)"),
    "cp1258": N_("Vietnamese (Windows-1258)"),
    "cp874": N_("Thai (Windows-874)"),
    "cp932": N_("Japanese (Shift-JIS)"),
    "euc_jp": N_("Japanese (EUC-JP)"),
    "gb18030": N_("Chinese, simplified (GB18030)"),
    "big5": N_("Chinese, traditional (Big5)"),
    "cp949": N_("Korean (EUC-KR)"),
    "koi8_u": N_("Cyrillic (KOI8)"),
    "cp866": N_("Cyrillic (DOS)"),
    "iso8859_2": N_("Central Europe (ISO 8859-2)"),
    "cp852": N_("Central Europe (DOS)"),
    "cp850": N_("Western Europe (DOS)"),
    "cp857": N_("Turkish (DOS)"),
    "mac_roman": N_("Western Europe (Macintosh)"),
}
"""Encodings that can be chosen, and what people call them."""


def code_page_words(name: str) -> str:
    """What people call an encoding; one that has no such name keeps its own."""
    return _(CODE_PAGES[name]) if name in CODE_PAGES else name
