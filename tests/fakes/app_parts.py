"""Another part in the place of one of an app's."""

from dataclasses import replace
from typing import Any

from kiosk.services.app import KioskApp


def with_part(app: KioskApp, path: str, part: Any) -> KioskApp:
    """The app with the part at a path such as ``phones.address`` replaced."""
    found = _with_part(app, path.split("."), part)
    assert isinstance(found, KioskApp)
    return found


def _with_part(whole: Any, path: list[str], part: Any) -> Any:
    name, *rest = path
    return replace(whole, **{name: _with_part(getattr(whole, name), rest, part) if rest else part})
