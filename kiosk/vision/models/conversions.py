"""What an installation needs of conversion, so that its tests need no TensorFlow. Thread of whoever installs."""

from pathlib import Path
from typing import Protocol

from kiosk.services.ports.model_store import InstallWatcher
from kiosk.vision.models.conversion_record import ConversionRecord
from kiosk.vision.models.manifest import ModelEntry


class Conversions(Protocol):
    """Makes files that the kiosk runs of deepface's weights, or takes over those made elsewhere; `conversion.DeepfaceConversions` does."""

    def has_tools(self, entry: ModelEntry) -> bool:
        """Whether what converts its file is installed here; the packaged app has no TensorFlow."""

    def require(self, entry: ModelEntry) -> None:
        """Say before a long download whether a conversion is possible here.

        Raises:
            ModelError: TensorFlow is missing, as in the packaged app, or memory is too small.
        """

    def convert(
        self,
        entry: ModelEntry,
        weights: Path,
        models_dir: Path,
        *,
        weights_from: str,
        watcher: InstallWatcher,
    ) -> ConversionRecord:
        """Convert, compare with deepface, and put file and record into place; nothing is changed when it fails.

        Raises:
            ModelError: The weights are damaged, the result differs from deepface's, or memory ran out.
            InstallStoppedError: `watcher` cancelled it.
        """

    def adopt(self, entry: ModelEntry, folder: Path, models_dir: Path) -> ConversionRecord | None:
        """Take over file and record from a folder; None when it has no record of that model.

        Raises:
            ModelError: File and record do not belong together, or are another network.
        """
