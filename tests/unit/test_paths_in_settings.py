"""Where documents and sentences of the program send people under *Settings*, there is that subject, and that button or setting in it."""

import re
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from kiosk.gui.dialog_catalogue import CATALOGUE
from kiosk.settings.about import Subject
from kiosk.settings.kiosk_settings import KioskSettings
from kiosk.settings.school_rules import SchoolRules
from kiosk.wording.settings import subject_title

ROOT: Final = Path(__file__).parents[2]
ELSEWHERE: Final = frozenset({"Network"})
"""Settings of another program: the firewall of macOS."""

_DOCUMENTED: Final = re.compile(r"\*(Settings…? → [^*]+)\*")
_SAID: Final = re.compile(r"\bSettings…? → [A-Z][^.\"”`();:]*")


def titles(group: type[BaseModel]) -> set[str]:
    found = set()
    for info in group.model_fields.values():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= titles(inner)
        elif info.title:
            found.add(info.title)
    return found


def known() -> tuple[set[str], set[str]]:
    """The subjects, and what stands in them."""
    within = {entry.title for entry in CATALOGUE} | titles(KioskSettings) | titles(SchoolRules)
    return {subject_title(one) for one in Subject}, within | {"Advanced settings", "Certificate…"}


def test_each_path_under_settings_leads_somewhere() -> None:
    subjects, within = known()
    wrong = []
    pages = (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    sources = sorted((ROOT / "kiosk").rglob("*.py"))
    for file, pattern in [(page, _DOCUMENTED) for page in pages] + [(source, _SAID) for source in sources]:
        text = re.sub(r"\s+", " ", file.read_text(encoding="utf-8"))
        for path in pattern.findall(text):
            first, *steps = (step.strip() for step in path.split("→"))
            if steps[0] in ELSEWHERE:
                continue
            if first != "Settings" or steps[0] not in subjects or not set(steps[1:]) <= within:
                wrong.append(f"{file.relative_to(ROOT)}: {path}")
    assert not wrong, "\n".join(wrong)
