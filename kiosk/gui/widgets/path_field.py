"""A path that can be typed or looked for. Main thread."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from kiosk.gui.remembered import remembered_near
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.parts import documents
from kiosk.translation import _


class PathKind(Enum):
    """What the path should be."""

    FILE = "file"
    FOLDER = "folder"
    TARGET = "target"


class PathField(LineField):
    """A labelled path with *Browse…*; `chosen` is emitted when a path was picked or typed to the end.

    *Browse…* begins in the folder of the last file that was chosen anywhere, unless somebody typed another.
    """

    chosen = Signal()

    def __init__(
        self,
        theme: Theme,
        label: str,
        kind: PathKind,
        *,
        pattern: str = "",
        suffix: str = "",
        help_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, label, help_text=help_text, parent=parent)
        self._kind = kind
        self._pattern = pattern
        self._suffix = suffix
        self.browse_button = SecondaryButton(_("Browse…"))
        self.browse_button.setAccessibleName(_("Browse for: {label}", label=label))
        self.browse_button.clicked.connect(self._browse)
        self.edit.editingFinished.connect(self.chosen)
        column = cast(QVBoxLayout, self.layout())
        column.removeWidget(self.edit)
        row = horizontal((self.edit, 1), self.browse_button, spacing=theme.space(1))
        column.insertLayout(1, row)

    @property
    def path(self) -> Path | None:
        """The path, or None when nothing was typed; a target without a suffix gets ours."""
        text = self.text.strip()
        if not text:
            return None
        path = Path(text).expanduser()
        if self._kind is PathKind.TARGET and self._suffix and path.suffix.lower() != self._suffix:
            path = path.with_name(path.name + self._suffix)
        return path

    def set_path(self, path: Path) -> None:
        """Take a path as if it was picked."""
        self.edit.setText(str(path))
        self.clear_error()
        self.chosen.emit()

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.accessibleName() or _("Choose"))
        mode: Callable[[QFileDialog.FileMode], None] = dialog.setFileMode
        if self._kind is PathKind.FOLDER:
            mode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        elif self._kind is PathKind.FILE:
            mode(QFileDialog.FileMode.ExistingFile)
        else:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(self._suffix.lstrip("."))
        if self._pattern:
            dialog.setNameFilter(self._pattern)
        remembered = remembered_near(self)
        dialog.setDirectory(str(remembered.folder(documents())))
        if self.path is not None:
            if self.edit.isModified() or self._kind is not PathKind.TARGET:
                dialog.setDirectory(str(self.path.parent))
            dialog.selectFile(self.path.name)

        def take(text: str) -> None:
            remembered.keep_folder(Path(text))
            self.set_path(Path(text))

        dialog.fileSelected.connect(take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
