"""Draws pages: Jinja templates with escaping, one style sheet, one icon, one script, all read once when the app is made.

Templates are in English; `{% trans %}` and `_()` in them ask `kiosk.translation` each time a page is drawn. Nothing is loaded from elsewhere. Every page works with scripts switched off; the one script lets phones show a key, under HTTPS.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import InternationalizationExtension

from kiosk.translation import _, ngettext
from kiosk.web.http.tones import Tone

STATIC_PATH: Final = "/static/"
START_PATH: Final = "/"
OWN_PATH: Final = "/me"
TEACH_PATH: Final = "/teach"

_FOLDER: Final = Path(__file__).parents[1]
TEMPLATES: Final = _FOLDER / "templates"
_KINDS: Final = {
    "phone.css": "text/css; charset=utf-8",
    "phone_key.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_A_WEEK: Final = "public, max-age=604800, immutable"


@dataclass(frozen=True, slots=True)
class _Asset:
    body: bytes
    kind: str
    version: str


class Pages:
    """Templates and static files in memory; safe to use from several threads."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=[InternationalizationExtension],
        )
        self._environment.policies["ext.i18n.trimmed"] = True
        # The extension adds the method; newstyle escapes the values that go into a text's places.
        cast(Any, self._environment).install_gettext_callables(_, ngettext, newstyle=True)
        self._assets = {}
        for name, kind in _KINDS.items():
            body = (_FOLDER / "static" / name).read_bytes()
            self._assets[name] = _Asset(body, kind, hashlib.sha256(body).hexdigest()[:12])
        self._environment.globals["asset"] = self._asset_address

    def draw(
        self, template: str, *, status_code: int = 200, has_form: bool = False, **values: Any
    ) -> HTMLResponse:
        """One page.

        Args:
            template: File name in ``templates``.
            status_code: Of the response.
            has_form: Whether the page posts. Browsers send ``Origin: null`` with forms of pages that refuse all
                referrers, so these tell our own server, and nobody else, where the form came from.
            values: What the template needs; a missing one is an error.
        """
        response = HTMLResponse(self._environment.get_template(template).render(**values), status_code)
        if has_form:
            response.headers["Referrer-Policy"] = "same-origin"
        return response

    def message(
        self, title: str, hint: str = "", *, status_code: int, note: str = "", way_on: str = START_PATH
    ) -> HTMLResponse:
        """A page that says one thing: what happened, as a heading without its full stop, and what to do.

        `way_on` is where its link leads: `START_PATH`, `OWN_PATH` or `TEACH_PATH`.
        """
        return self.draw(
            "message.html",
            status_code=status_code,
            title=title.removesuffix("."),
            hint=hint,
            note=note,
            way_on=way_on,
            tone=Tone.REFUSED,
        )

    def asset(self, request: Request, name: str) -> Response | None:
        """A static file, or None when there is none of that name. Its address changes with its contents."""
        found = self._assets.get(name)
        if found is None:
            return None
        tag = f'"{found.version}"'
        headers = {"Cache-Control": _A_WEEK, "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(found.body, media_type=found.kind, headers=headers)

    def _asset_address(self, name: str) -> str:
        return f"{STATIC_PATH}{name}?v={self._assets[name].version}"
