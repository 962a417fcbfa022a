"""What was last measured of the installed models, as ``model-comparison.json`` in the data directory. Any thread.

It holds rates and the day, and nothing of anybody's face.
"""

import logging
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from kiosk.domain.models.model_comparison import ModelComparison
from kiosk.errors import StorageError
from kiosk.files import write_whole
from kiosk.translation import _

COMPARISON_FILE: Final = "model-comparison.json"
_FORM: Final = TypeAdapter(ModelComparison)
log = logging.getLogger(__name__)


def load_comparison(data_dir: Path) -> ModelComparison | None:
    """The last measurement; None where there is none, or none that can be read."""
    try:
        return _FORM.validate_json((data_dir / COMPARISON_FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        log.warning("%s cannot be read; measure again", COMPARISON_FILE, exc_info=True)
        return None


def save_comparison(data_dir: Path, found: ModelComparison) -> None:
    """Keep a measurement in the place of the last one.

    Raises:
        StorageError: It cannot be written.
    """
    try:
        write_whole(data_dir / COMPARISON_FILE, _FORM.dump_json(found, indent=1))
    except OSError as error:
        raise StorageError(
            _("The measurement cannot be kept: {strerror}.", strerror=error.strerror),
            _("Make room on the disk and measure again."),
        ) from error
