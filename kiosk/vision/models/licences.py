"""Who accepted which model's licence, and when: `licences.json` in the models directory. Any thread.

It lies beside the models because they do: several data directories (a school's, a trial's, a test's) share one models
directory, and a model can be installed before there is any data directory with a log to write to.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.errors import ModelError
from kiosk.files import READ_BY_ALL, write_whole
from kiosk.translation import _
from kiosk.vision.models.manifest import ModelEntry
from kiosk.vision.models.model_files import cannot_write

FILE: Final = "licences.json"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One acceptance.

    Attributes:
        model: Its name in the manifest.
        licence: As the manifest named it then; another licence must be accepted anew.
        by: Who: an admin's name, or ``local:<OS user>`` on the command line.
        at: When, ISO 8601 in UTC.
    """

    model: str
    licence: str
    by: str
    at: str


def acceptance(models_dir: Path, entry: ModelEntry) -> Acceptance | None:
    """The latest acceptance of a model's present licence; None when there is none.

    Raises:
        ModelError: The file of acceptances cannot be read.
    """
    found = [one for one in _read(models_dir) if (one.model, one.licence) == (entry.name, entry.licence)]
    return found[-1] if found else None


def accept(models_dir: Path, entry: ModelEntry, *, by: str, at: datetime) -> None:
    """Add an acceptance; earlier ones stay.

    Raises:
        ModelError: The file of acceptances cannot be read or written.
    """
    new = Acceptance(entry.name, entry.licence, by, at.isoformat(timespec="seconds"))
    rows = [asdict(one) for one in (*_read(models_dir), new)]
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        text = json.dumps(rows, indent=2, ensure_ascii=False)
        write_whole(models_dir / FILE, text.encode("utf-8"), mode=READ_BY_ALL)
    except OSError as error:
        raise cannot_write(models_dir, error) from error


def _read(models_dir: Path) -> list[Acceptance]:
    path = models_dir / FILE
    try:
        rows = json.loads(path.read_text("utf-8"))
        return [Acceptance(*(str(row[key]) for key in ("model", "licence", "by", "at"))) for row in rows]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise ModelError(
            _(
                "The accepted licences in {path} cannot be read ({strerror}).",
                path=path,
                strerror=error.strerror,
            ),
            _("Check its rights."),
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            _("The list of accepted licences {path} is damaged.", path=path),
            _("Rename it and accept the licences again."),
        ) from error
