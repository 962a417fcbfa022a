"""Drawing QR codes with the package qrcode; usable from any thread."""

from typing import Final

import numpy as np
import qrcode
from numpy.typing import NDArray
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

from kiosk.domain.faces.frames import BgrImage

QUIET_ZONE: Final = 4
"""White modules around a code; ISO/IEC 18004 asks for four."""


class QrCodeDrawer:
    """Draws QR codes of the smallest version that fits, error correction M (15 % may be damaged)."""

    def modules(self, text: str) -> NDArray[np.bool_]:
        """Square matrix of modules, True for dark, without the quiet zone.

        Raises:
            ValueError: The text is empty, or too long for a QR code (over 2331 bytes).
        """
        if not text:
            raise ValueError("an empty text makes no code")
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, box_size=1)
        code.add_data(text)
        try:
            code.make(fit=True)
        except (DataOverflowError, ValueError) as error:
            raise ValueError("the text is too long for a QR code") from error
        return np.array(code.get_matrix(), dtype=np.bool_)

    def picture(self, text: str, *, module_px: int = 8) -> BgrImage:
        """Black on white with a quiet zone of four modules, `module_px` pixels a module.

        Raises:
            ValueError: As `modules`.
        """
        framed = np.pad(self.modules(text), QUIET_ZONE, constant_values=False)
        grey = np.where(framed, np.uint8(0), np.uint8(255)).repeat(module_px, 0).repeat(module_px, 1)
        return np.repeat(grey[:, :, None], 3, axis=2)
