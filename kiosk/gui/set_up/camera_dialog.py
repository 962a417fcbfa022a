"""Choosing the camera of this kiosk, from the settings. Main thread; work in tasks."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.gui.set_up.camera_picker import CameraPicker
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.school.camera_choice import CameraChoice
from kiosk.translation import _

WIDTH_PX: Final = 1040


class CameraDialog(WorkDialog):
    """The cameras there are, and what the chosen one sees now."""

    def __init__(
        self, cameras: CameraChoice, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Camera"), parent, width=WIDTH_PX)
        self._cameras = cameras
        self._actor = actor
        self.picker = CameraPicker(cameras, theme)
        self.form.addWidget(Text(_("This one is used from the next class on."), tone=Tone.MUTED, wrap=True))
        self.form.addWidget(self.picker)
        self.use_button = self.add_button(PrimaryButton(_("Use this camera")), self._use)
        self.use_button.setEnabled(False)
        self.picker.changed.connect(lambda: self.use_button.setEnabled(bool(self.picker.source)))
        self.picker.begin(actor)

    def _use(self) -> None:
        self.start(
            partial(self._cameras.choose, self.picker.source, actor=self._actor),
            words=_("Saving…"),
            then=lambda _none: self.accept(),
        )
