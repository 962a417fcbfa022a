"""Every page that a phone can be shown, with very long words in it: small, well made, and easy to see and tap.

`tests.fakes.phones.phone_pages` walks through the real app; the browser then lays each page out as phones do.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from playwright.sync_api import Browser

from kiosk.web.http.rendering import Pages
from tests.fakes.phones.browser import NARROW, SIZE, TextSize, new_phone
from tests.fakes.phones.page_measure import measure
from tests.fakes.phones.page_server import PageServer
from tests.fakes.phones.phone_pages import every_page, static_files

TEMPLATES = Path(__file__).parents[3] / "kiosk" / "web" / "templates"
PARTS = {"base.html", "icons.html", "record_lines.html", "teach_parts.html"}
"""Templates that are no pages."""

MOST_BYTES = 100_000

Names = dict[str, list[str]]
"""What is wrong, by page."""


@pytest.fixture(scope="module")
def drawn() -> set[str]:
    """Names of the templates that were drawn."""
    return set()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, drawn: set[str]) -> dict[str, Response]:
    draw = Pages.draw

    def noting(self: Pages, template: str, **values: Any) -> Any:
        drawn.add(template)
        return draw(self, template, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pages, "draw", noting)
        return every_page(tmp_path_factory.mktemp("pages"), long_words=True)


@pytest.fixture(scope="module")
def assets() -> dict[str, Response]:
    return static_files()


class Outline(HTMLParser):
    """What a screen reader goes by."""

    def __init__(self, page: Response) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.title = ""
        self._in_title = False
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._in_title = tag == "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
            self._in_title = False

    @property
    def shape(self) -> tuple[tuple[str, str], ...]:
        """How it is built: tags with their classes, a list as if it had one line."""
        found = [(tag, one.get("class", "")) for tag, one in self.tags]
        return tuple(one for place, one in enumerate(found) if one not in found[max(0, place - 5) : place])

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def outlines(pages: dict[str, Response]) -> dict[str, Outline]:
    return {name: Outline(page) for name, page in pages.items()}


@pytest.mark.logs_warnings  # one of the pages is an unforeseen error
def test_no_page_is_forgotten(pages: dict[str, Response], drawn: set[str]) -> None:
    whole = {path.name for path in TEMPLATES.glob("*.html")} - PARTS
    assert drawn == whole, "a new page belongs into tests/fakes/phones/phone_pages.py"
    assert {page.status_code for page in pages.values()} == {
        200, 400, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503
    }  # fmt: skip


def test_each_page_is_small_with_all_it_loads_and_loads_nothing_from_elsewhere(
    pages: dict[str, Response], outlines: dict[str, Outline], assets: dict[str, Response]
) -> None:
    shared = sum(len(one.content) for one in assets.values())
    for name, page in pages.items():
        assert len(page.content) + shared < MOST_BYTES, name
        outline = outlines[name]
        scripts = [one["src"].partition("?")[0] for one in outline.all("script")]
        assert scripts == ["/static/phone_key.js"] * ("data-key-way" in page.text), name
        assert not outline.all("style", "img", "iframe", "object", "embed", "video", "audio"), name
        loaded = [one["href"] for one in outline.all("link")]
        assert [address.partition("?")[0] for address in loaded] == ["/static/icon.svg", "/static/phone.css"]
        for tag, attributes in outline.tags:
            assert (
                not {"src", "srcset", "style", "poster", "background"} & set(attributes) or tag == "script"
            ), name
            assert not [one for one in attributes if one.startswith("on")], name
            for address in (attributes.get("href", ""), attributes.get("action", "")):
                assert address == "" or address.startswith(("/", "?")), (name, address)
    css = assets["phone.css"].text
    assert "url(" not in css
    assert "@import" not in css


def test_each_page_tells_a_screen_reader_what_it_is(outlines: dict[str, Outline]) -> None:
    titles: dict[str, str] = {}
    for name, outline in outlines.items():
        assert outline.all("html")[0]["lang"] == "en", name
        assert (len(outline.all("main")), len(outline.all("h1"))) == (1, 1), name
        assert not outline.all("h3", "h4"), name
        assert len(outline.title) > 5, name
        titles[name] = outline.title
        ids = [attributes["id"] for _tag, attributes in outline.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), name
        zoom = next(one for one in outline.all("meta") if one.get("name") == "viewport")
        assert not re.search("user-scalable|maximum-scale", zoom["content"]), name
        for picture in outline.all("svg"):
            assert picture.get("aria-hidden") == "true" or picture.get("aria-label"), name
        for nav in outline.all("nav"):
            assert nav["aria-label"], name
    # What is announced first tells a refusal from the form, and each outcome from the others.
    for one, other in (("sign-in", "sign-in-wrong"), ("home-open", "code-wrong"), ("marked", "marked-late"),
                       ("marked", "already-marked"), ("own-record", "own-record-too-long")):  # fmt: skip
        assert titles[one] != titles[other]


def test_each_field_has_a_label_and_says_what_is_wrong_with_it(outlines: dict[str, Outline]) -> None:
    fields = 0
    for name, outline in outlines.items():
        labelled = {one["for"] for one in outline.all("label")}
        ids = {attributes["id"] for _tag, attributes in outline.tags if "id" in attributes}
        alerts = {one["id"] for _tag, one in outline.tags if one.get("role") == "alert" and "id" in one}
        shown = [
            one
            for one in outline.all("input", "textarea")
            if one.get("type") != "hidden" and "hidden" not in one
        ]
        for field in shown:
            fields += 1
            assert field["id"] in labelled, name
            described = set(field.get("aria-describedby", "").split())
            assert described <= ids, name
            if field.get("aria-invalid") == "true":
                assert described & alerts, name
        if shown and alerts:
            assert any(one.get("aria-invalid") == "true" for one in shown), name
        by_name = {one.get("name"): one for one in shown}
        if "pin" in by_name:
            kept = {
                one.get("name"): one for one in outline.all("input")
            }  # a form for one student says whose without asking
            number = by_name["student_no"] if "student_no" in by_name else kept["username"]
            assert number["autocomplete"] == "username", name
            assert by_name["pin"]["autocomplete"] == "current-password"
            assert by_name["pin"]["inputmode"] == "numeric"
    assert fields > 20


def test_each_outcome_is_announced(outlines: dict[str, Outline], pages: dict[str, Response]) -> None:
    for name, outline in outlines.items():
        roles = {attributes.get("role") for _tag, attributes in outline.tags}
        if pages[name].status_code >= 400:
            assert roles & {"alert", "status"}, name
    for name in ("marked", "marked-late", "already-marked", "face-awaited", "pass-no-class", "hello"):
        assert {"role": "status", "class": "message"} in outlines[name].all("div"), name


@pytest.fixture(scope="module")
def faults(
    chromium: Browser, pages: dict[str, Response], outlines: dict[str, Outline], assets: dict[str, Response]
) -> dict[str, Names]:
    """What the browser finds, by kind; of pages that differ in their words only it sees one."""
    server = PageServer(pages, assets)
    shapes = {outline.shape: name for name, outline in outlines.items()}
    assert 25 < len(shapes) < len(pages)
    found: dict[str, Names] = {kind: {} for kind in ("wide", "small", "pale", "dark", "narrow", "sizes")}
    with new_phone(chromium) as phone:
        server.serve(phone)
        page = phone.new_page()
        text = TextSize(page)
        for name in shapes.values():
            server.open(page, name)
            light = measure(page)
            page.emulate_media(color_scheme="dark")
            dark = measure(page)
            page.emulate_media(color_scheme="light")
            page.set_viewport_size(NARROW)
            text.enlarge(2)
            narrow = measure(page)
            text.enlarge(1)
            page.set_viewport_size(SIZE)
            grown = narrow.text_px / light.text_px
            sizes = [f"{light.text_px} px"] if light.text_px < 16 else []
            sizes += [f"grows {grown:.2f} times"] if not 1.9 < grown < 2.1 else []
            for kind, wrong in (
                ("wide", light.wide),
                ("small", light.small),
                ("pale", light.pale),
                ("dark", dark.pale),
                ("narrow", narrow.wide),
                ("sizes", sizes),
            ):
                if wrong:
                    found[kind][name] = wrong
    assert server.refused == []
    return found


@pytest.mark.browser
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("wide", id="nothing sticks out"),
        pytest.param("small", id="what is tapped is large enough"),
        pytest.param("pale", id="contrast in the light"),
        pytest.param("dark", id="contrast in the dark"),
        pytest.param("narrow", id="nothing sticks out at 320 pixels with text of twice the size"),
        pytest.param("sizes", id="text of at least 16 pixels that grows as the browser is told"),
    ],
)
def test_each_page_is_laid_out_well(kind: str, faults: dict[str, Names]) -> None:
    assert faults[kind] == {}
