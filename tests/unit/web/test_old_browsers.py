"""Browsers from late 2021 on must show the pages: Safari 15.0, Chrome 95, Firefox 94.

The years of features are those of the first browser of the three that came last; https://caniuse.com has them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "kiosk" / "web"
CSS = WEB / "static" / "phone.css"

NEWER_VALUES = {
    "lengths of the visible screen (Safari 15.4, Chrome 108)": r"\d[dsl]v[hwib]",
    "breaking anywhere (Safari 15.4)": r"\banywhere\b",
    "words for generated content (Safari 17.4)": r'["\'] / ["\']',
    "mixed and relative colours (Chrome 111)": r"color-mix\(|light-dark\(|okl?ch\(|oklab\(|\bfrom ",
    "cosines and rounding (Chrome 111, 125)": r"\b(?:sin|cos|tan|round|mod|rem|pow|hypot)\(",
    "subgrid (Chrome 117)": r"\bsubgrid\b",
}
NEWER_PROPERTIES = {
    "accent-color", "appearance", "content-visibility", "field-sizing", "text-size-adjust", "text-wrap", "translate",
    "rotate", "scale", "view-transition-name", "anchor-name", "interpolate-size", "color-scheme-adjust", "overflow-clip",
}  # fmt: skip
"""Known later by one of the three, or under another name: one with a prefix must stand before."""

NEWER_SELECTORS = (
    r":has\(|&|:focus-visible|:user-(?:in)?valid|:popover-open|:open\b|:dir\(|:nth-child\([^)]* of "
)
LOST_WITHOUT_HARM = {":focus:not(:focus-visible)"}
"""Rules that may be dropped as a whole."""

NEWER_RULES = (
    r"@(?:layer|container|property|scope|starting-style|position-try|view-transition)\b|@media[^{]*[<>]"
)
NEWER_MARKUP = (
    r"<(?:dialog|search|selectlist)\b|\s(?:popover|inert|commandfor|interestfor|closedby|blocking)[\s=>]"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One innermost block of a style sheet: its selectors, and its declarations in their order."""

    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]


def rules(css: str) -> Iterator[Rule]:
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        pairs = (one.partition(":") for one in body.split(";") if one.strip())
        yield Rule(
            tuple(one.strip() for one in selectors.split(",")),
            tuple((name.strip(), value.strip()) for name, _, value in pairs),
        )


def is_newer(name: str, value: str) -> bool:
    return name in NEWER_PROPERTIES or any(re.search(one, value) for one in NEWER_VALUES.values())


def faults(css: str) -> list[str]:
    """What an old browser would lose, and show nothing instead of."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found = re.findall(NEWER_RULES, css)
    for rule in rules(css):
        if set(rule.selectors) <= LOST_WITHOUT_HARM:
            continue
        found += [one for one in rule.selectors if re.search(NEWER_SELECTORS, one)]
        known: set[str] = set()
        for name, value in rule.declarations:
            plain = name.removeprefix("-webkit-")
            if not is_newer(name, value):
                known.add(plain)
            elif plain not in known:
                found.append(f"{rule.selectors[0]}: {name}: {value}")
    return found


def test_whatever_is_newer_comes_after_something_that_old_browsers_know() -> None:
    assert faults(CSS.read_text(encoding="utf-8")) == []


def test_no_page_is_built_of_newer_elements() -> None:
    for path in (WEB / "templates").glob("*.html"):
        assert not re.search(NEWER_MARKUP, path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize(
    "css",
    [
        "main { min-height: 100dvh; }",
        "p { overflow-wrap: anywhere; overflow-wrap: break-word; }",
        "a:has(span) { color: red; }",
        "a { &:active { color: red; } }",
        "a:focus-visible, a:active { outline: 0; }",
        "@layer base { a { color: red; } }",
        "@media (width >= 400px) { a { color: red; } }",
        "a { color: color-mix(in srgb, red, blue); }",
        'a::before { content: "x" / ""; }',
        "input { appearance: none; }",
    ],
)
def test_the_search_finds_what_old_browsers_would_lose(css: str) -> None:
    assert len(faults(css)) == 1


def test_a_fallback_is_enough() -> None:
    assert faults("main { min-height: 100vh; min-height: 100dvh; }") == []
    assert faults("input { -webkit-appearance: none; appearance: none; }") == []
    assert faults(":focus:not(:focus-visible) { outline: none; }") == []
