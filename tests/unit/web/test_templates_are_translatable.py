"""Each text that a template shows goes through the language's function: `{% trans %}` or `_()`."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from kiosk.web.http.rendering import TEMPLATES

READ_OUT = {"alt", "title", "placeholder", "aria-label", "aria-description", "value"}
"""Attributes whose text people see or hear."""

NOT_WORDS = {"code"}
"""Elements with what programs read."""

UNREAD = {"tone"}
"""Blocks that are no texts: the page's class."""

BARE = re.compile(r"""=["'][^"'>]*\{\{\s*_\((?:(?!forceescape)[^}])*\}\}""")
"""A translation is markup, so autoescape leaves its quotation marks alone."""

PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True, loader=FileSystemLoader(TEMPLATES))


@pytest.mark.parametrize("name", ENVIRONMENT.list_templates())
def test_every_text_of_a_template_is_translated(name: str) -> None:
    assert plain_texts((TEMPLATES / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", ENVIRONMENT.list_templates())
def test_a_translation_inside_an_attribute_is_escaped(name: str) -> None:
    assert BARE.findall((TEMPLATES / name).read_text(encoding="utf-8")) == []


def test_a_translation_that_could_end_its_attribute_is_found() -> None:
    assert BARE.findall("<nav aria-label=\"{{ _('Pages') }}\">")
    assert not BARE.findall("<nav aria-label=\"{{ _('Pages') | forceescape }}\"><b>{{ _('Pages') }}</b>")


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("<p>Sign in</p>", "Sign in"),
        ("<p>{{ _('Hello') }}, you</p>", "you"),
        ("{% if late %}late{% endif %}", "late"),
        ("{% block title %}Sign in{% endblock %}", "Sign in"),
        ("{% macro line() %}{% for _ in [1] %}<b>one</b>{% endfor %}{% endmacro %}", "one"),
        ("<p>{{ 'Yes' if given else _('No') }}</p>", "Yes"),
        ("<p>{{ _('Yes') if given else 'No' | upper }}</p>", "No"),
        ("<p>{{ 'Room ' ~ room }}</p>", "Room"),
        ("<nav aria-label='Pages {{ n }}'></nav>", "Pages"),
        ("<nav aria-label='{{ _(\"Pages\") | forceescape }} or so'></nav>", "or so"),
        ("<input placeholder=\"{{ 'Your name' }}\">", "Your name"),
        ("<input {% if refusal %}title='Wrong'{% endif %}>", "Wrong"),
    ],
)
def test_a_text_outside_of_a_translation_is_a_fault(template: str, fault: str) -> None:
    assert plain_texts(template) == [fault]


def test_translations_names_and_signs_are_no_faults() -> None:
    assert plain_texts("<p>{% trans n=3 %}{{ n }} day{% pluralize %}{{ n }} days{% endtrans %}</p>") == []
    assert (
        plain_texts("<p aria-label=\"{{ _('Pages') }}\">{{ name }} · {{ _('Room') }} – <code>GET</code></p>")
        == []
    )
    assert plain_texts("<a href='/me' class='link'>{{ icon('check') }}</a>{# a remark #}") == []


class Reader(HTMLParser):
    """Gathers what people read of the markup around the places."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if ("type", "hidden") not in attrs:
            self.said += [value or "" for name, value in attrs if name in READ_OUT]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not NOT_WORDS.intersection(self._open):
            self.said.append(data)


def plain_texts(template: str) -> list[str]:
    """Readable texts outside of translations, in their order."""
    tree = ENVIRONMENT.parse(template)
    unread = {id(out) for block in tree.find_all(nodes.Block) if block.name in UNREAD for out in block.body}
    parts: list[str] = []
    for output in tree.find_all(nodes.Output):
        for one in output.nodes if id(output) not in unread else ():
            parts += [one.data] if isinstance(one, nodes.TemplateData) else [PLACE, *literals(one), PLACE]
    reader = Reader()
    reader.feed("".join(parts))
    reader.close()
    found = (one.strip(" ,\n") for said in reader.said for one in said.split(PLACE))
    return [one for one in found if re.search(r"[^\W\d_]", one)]


def literals(shown: nodes.Node) -> Iterator[str]:
    """Texts that an expression may put out as they are; those handed to a function are the function's affair."""
    match shown:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.CondExpr():
            yield from literals(shown.expr1)
            yield from literals(shown.expr2) if shown.expr2 is not None else ()
        case nodes.Filter(node=nodes.Node() as filtered):
            yield from literals(filtered)
        case nodes.BinExpr():
            yield from literals(shown.left)
            yield from literals(shown.right)
        case nodes.Concat():
            for one in shown.nodes:
                yield from literals(one)
