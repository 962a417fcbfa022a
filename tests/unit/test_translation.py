"""Texts go through one function, in the language of their context."""

from collections.abc import Iterator
from gettext import NullTranslations
from threading import Thread

import pytest

from kiosk.translation import N_, _, ngettext, speak, speaking


class _Shouting(NullTranslations):
    """A language that says English loudly, with one form for all numbers."""

    def gettext(self, message: str) -> str:
        return message if "{" in message else message.upper()

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"{msgid2} ({msgid1}?)"


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    speak(NullTranslations())


def test_without_a_catalogue_a_text_is_its_own_translation() -> None:
    assert _("Start the class") == "Start the class"


def test_values_go_into_their_places_with_their_formats() -> None:
    assert _("{name} was {late:.1f} minutes late", name="Ana", late=2.25) == "Ana was 2.2 minutes late"
    assert _("{text} of {n!r}", text="a", n="b") == "a of 'b'"


def test_braces_are_no_places_without_values() -> None:
    assert _("{name} stays") == "{name} stays"


def test_a_number_chooses_its_form() -> None:
    assert [ngettext("{n} student", "{n} students", n, n=n) for n in (0, 1, 2)] == [
        "0 students",
        "1 student",
        "2 students",
    ]


def test_a_context_speaks_its_catalogue_and_the_one_around_it_afterwards() -> None:
    with speaking(_Shouting()):
        assert _("late") == "LATE"
        assert ngettext("{n} face", "{n} faces", 1, n=1) == "1 faces (1 face?)"
        with speaking(NullTranslations()):
            assert _("late") == "late"
        assert _("late") == "LATE"
    assert _("late") == "late"


def test_a_failure_inside_a_context_ends_it_too() -> None:
    with pytest.raises(KeyError), speaking(_Shouting()):
        raise KeyError
    assert _("late") == "late"


def test_another_thread_uses_the_catalogue_of_the_process() -> None:
    said: list[str] = []
    with speaking(_Shouting()):
        _in_thread(said)
    speak(_Shouting())
    _in_thread(said)
    assert said == ["late", "LATE"]


def test_a_context_comes_before_the_process() -> None:
    speak(_Shouting())
    with speaking(NullTranslations()):
        assert _("late") == "late"


def test_an_empty_text_stays_empty_in_a_language_whose_catalogue_has_a_header() -> None:
    class WithHeader(NullTranslations):
        def gettext(self, message: str) -> str:
            return message or "Project-Id-Version: kiosk"

    with speaking(WithHeader()):
        assert _("") == ""


def test_a_marked_text_waits_for_its_use() -> None:
    with speaking(_Shouting()):
        marked = N_("late")
        assert marked == "late"
        assert _(marked) == "LATE"


def _in_thread(said: list[str]) -> None:
    thread = Thread(target=lambda: said.append(_("late")))
    thread.start()
    thread.join()
