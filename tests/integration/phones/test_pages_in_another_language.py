"""Every page that a phone can be shown, in a language that puts each text into brackets: what stands outside is data.

The walk through the app presses translated buttons, so forms and redirects hold in another language, too.
"""

import re
from gettext import NullTranslations
from html import unescape
from pathlib import Path

import pytest
from babel import Locale

from kiosk.translation import speak
from tests.fakes.phones.phone_pages import every_page
from tests.fakes.pseudo_language import PseudoLanguage, outside
from tests.world.classroom import ANITA, BEN

IN_ENGLISH = {"api", "error-503"}
"""The description of the REST API is for who writes programs; what the fake's full disk says is the fake's."""

DATA = {ANITA, BEN, "Anita Rao", "Ben Okafor", "Tom Weber", "CS 101", "Algorithms"} | {
    name
    for names in (Locale("en").days, Locale("en").months)
    for name in names["format"]["abbreviated"].values()
}
"""Names, and the days that Babel writes."""

WRITTEN = {"I came at 08:55 and sat in row 2", "Sorry", "It is still wrong", "It stays", "word"}
"""What student and teacher write on the walk."""


@pytest.mark.logs_warnings
def test_only_data_stands_outside_of_translations(tmp_path: Path) -> None:
    speak(PseudoLanguage())
    try:
        pages = every_page(tmp_path)
    finally:
        speak(NullTranslations())
    found = {state: untranslated(page.text) for state, page in pages.items() if state not in IN_ENGLISH}
    assert {state: words for state, words in found.items() if words} == {}


def test_a_word_that_is_not_translated_is_found() -> None:
    assert untranslated("<p>⟦Room ⟦B⟧⟧ Anita Rao</p><p>late</p>") == ["late"]
    assert untranslated('<nav aria-label="Pages"><a class="link">⟦Newer⟧</a></nav>') == ["Pages"]


def untranslated(page: str) -> list[str]:
    """Texts to read outside of brackets that are no data."""
    read = (re.sub(r"<[^>]*>", "\n", page), *re.findall(r'\saria-label="([^"]*)"', page))
    return [left for one in read if (left := outside(unescape(one), DATA | WRITTEN))]
