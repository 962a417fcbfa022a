"""Reads a form out of one of the phone pages."""

import re
from html import unescape

from kiosk.translation import _


def form(text: str, button: str) -> tuple[str, dict[str, str]]:
    """Where the form with a button (its English text) goes, and its hidden fields."""
    for found in re.finditer(r"<form[^>]* action=\"([^\"]+)\".*?</form>", text, re.DOTALL):
        if re.search(rf">{re.escape(_(button))}</button>", found[0]):
            hidden = re.findall(r"<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"", found[0])
            return unescape(found[1]), {name: unescape(value) for name, value in hidden}
    raise AssertionError(f"no form with a button “{button}”")
