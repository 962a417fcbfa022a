"""Measures a page as a browser lays it out: what sticks out, what is too small to tap, what is too pale to read.

Contrast is WCAG 2.2's (success criteria 1.4.3 and 1.4.11): the ratio of relative luminances of a text, of a field's
edge or of the ring of the focus, and of what it stands on.
"""

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page

_MEASURE: Final = """
root => {
  const view = document.defaultView, width = root.clientWidth;
  const rgba = text => {
    const found = text.match(/[\\d.]+/g).map(Number);
    return found.length > 3 ? found : [...found, 1];
  };
  const ground = start => {
    for (let at = start; at; at = at.parentElement) {
      const colour = rgba(view.getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) return colour;
    }
    return [255, 0, 255, 1];
  };
  const boxOf = found => { const box = found.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; };
  const texts = [], wide = [], torn = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const words = node.textContent.trim(), style = view.getComputedStyle(node.parentElement);
    if (!words) continue;
    texts.push([words, rgba(style.color), ground(node.parentElement), parseFloat(style.fontSize),
                parseInt(style.fontWeight)]);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.left < -0.5 || box.right > width + 0.5) wide.push(words);
    for (const word of node.textContent.matchAll(/[^\\s-]+/g)) {
      if (word[0].length > 10) continue;
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1) torn.push(word[0]);
    }
  }
  const fields = [...document.querySelectorAll('input:not([type=hidden]):not([hidden]), textarea')];
  const targets = [...document.querySelectorAll('a, button, input:not([type=hidden]):not([hidden]), textarea')];
  const ring = one => {
    const hex = view.getComputedStyle(one).getPropertyValue('--ring').trim();
    return [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
  };
  return {
    scrolls: root.scrollWidth - width,
    texts, wide, torn,
    edges: fields.map(one => [rgba(view.getComputedStyle(one).borderTopColor), ground(one.parentElement)]),
    rings: targets.map(one => [ring(one), ground(one.parentElement)]),
    targets: targets.map(one => [one.textContent.trim() || one.name, one.closest('p') && !one.className ? 'in text' : '',
                                 ...boxOf(one)]),
    smallest: Math.min(...texts.map(one => one[3])),
  };
}
"""

TEXT: Final = 4.5
LARGE_TEXT: Final = 3.0
EDGE: Final = 3.0
LEAST_TARGET_PX: Final = 48.0


@dataclass(frozen=True, slots=True)
class PageMeasure:
    """What is wrong with a page, in words; all empty: nothing.

    Attributes:
        wide: What sticks out at the sides, and words of up to 10 letters that are torn apart.
        small: What is tapped and is lower than `LEAST_TARGET_PX`; links in running text may be.
        pale: Texts and edges of too little contrast, with the ratio.
        text_px: Size of the smallest text.
    """

    wide: list[str]
    small: list[str]
    pale: list[str]
    text_px: float


def measure(page: Page) -> PageMeasure:
    """Look at the page as it stands."""
    found: dict[str, Any] = page.locator("html").evaluate(_MEASURE)
    wide = [f"scrolls by {found['scrolls']} px"] if found["scrolls"] > 0 else []
    small = [
        f"{name}: {height:.0f} px"
        for name, where, _x, _y, _width, height in found["targets"]
        if not where and height < LEAST_TARGET_PX
    ]
    torn = [f"{word} is torn" for word in found["torn"]]
    return PageMeasure(wide + found["wide"] + torn, small, _pale(found), found["smallest"])


def contrast(ink: list[float], ground: list[float]) -> float:
    """WCAG's ratio of two colours (red, green, blue, 0 to 255): 1 to 21."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: list[float]) -> float:
    parts = (one / 255 for one in colour[:3])
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _pale(found: dict[str, Any]) -> list[str]:
    pale = []
    for words, ink, ground, size_px, weight in found["texts"]:
        is_large = size_px >= 24 or (size_px >= 18.66 and weight >= 700)
        ratio = contrast(ink, ground)
        if ratio < (LARGE_TEXT if is_large else TEXT):
            pale.append(f"{words}: {ratio:.2f}")
    for kind, pairs in (("edge of a field", found["edges"]), ("ring of the focus", found["rings"])):
        ratios = (contrast(ink, ground) for ink, ground in pairs)
        pale += [f"{kind}: {ratio:.2f}" for ratio in ratios if not ratio >= EDGE]
    return pale
