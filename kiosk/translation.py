"""The one way of every text that a person reads, from the program's English to their language.

A text is written in English where it is used, as a literal inside `_` or `ngettext`, or in a table inside `N_`, so that
tools such as `pybabel extract` find it (`-k _ -k ngettext:1,2 -k N_`); templates of pages say `{% trans %}` or `_()`, which
Jinja's own extractor finds; what `models/manifest.toml` says of models is looked up as it stands there. Any thread may ask;
which catalogue answers is a matter of the context (`speaking`), and where that says nothing of the process (`speak`). Without
either it is English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations


class _Process:
    """The process has one catalogue, for threads and tasks whose context has none."""

    catalogue = NullTranslations()


_in_context: ContextVar[NullTranslations] = ContextVar("catalogue")


def _(text: str, /, **values: object) -> str:
    """The language's text for this English one, with the values put in its places.

    Braces are places only where values are given.
    """
    translated = _catalogue().gettext(text) if text else text  # the empty text is a catalogue's header
    return translated.format(**values) if values else translated


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The form that the language uses for this many, with the values put in its places."""
    translated = _catalogue().ngettext(one, many, n)
    return translated.format(**values) if values else translated


def N_(text: str, /) -> str:  # noqa: N802 - the name that extracting tools know
    """Mark a table's text for the catalogues; it is translated by `_` where it is used."""
    return text


def speak(catalogue: NullTranslations) -> None:
    """Every thread and task uses this catalogue from now on, where its context has none."""
    _Process.catalogue = catalogue


@contextmanager
def speaking(catalogue: NullTranslations) -> Iterator[None]:
    """This context, and the tasks it starts, use this catalogue; threads do not inherit it."""
    before = _in_context.set(catalogue)
    try:
        yield
    finally:
        _in_context.reset(before)


def _catalogue() -> NullTranslations:
    return _in_context.get(_Process.catalogue)
