"""How the camera picture fits into its view: which part is seen, and where a point of it lands. Pure arithmetic."""

from dataclasses import dataclass
from typing import Final

from kiosk.domain.faces.frames import Box

MOST_CUT: Final = 0.25
"""At most this share of the picture's width or height is cut off to fill the view; else bars stay empty."""


@dataclass(frozen=True, slots=True)
class Framing:
    """A picture of `picture` pixels shown in a view.

    Attributes:
        source: Part of the picture that is seen, in its pixels.
        target: Where it is drawn, in the view's pixels.
        mirrored: Whether left and right are swapped.
    """

    source: Box
    target: Box
    mirrored: bool

    @classmethod
    def of(cls, picture: tuple[float, float], view: tuple[float, float], *, mirrored: bool) -> "Framing":
        """Fill the view with the middle of the picture, or show all of it where too much would be cut off."""
        picture_w, picture_h = picture
        view_w, view_h = view
        fill = max(view_w / picture_w, view_h / picture_h)
        whole = min(view_w / picture_w, view_h / picture_h)
        if whole / fill >= 1 - MOST_CUT:
            seen_w, seen_h = view_w / fill, view_h / fill
            source = Box((picture_w - seen_w) / 2, (picture_h - seen_h) / 2, seen_w, seen_h)
            return cls(source, Box(0, 0, view_w, view_h), mirrored)
        drawn_w, drawn_h = picture_w * whole, picture_h * whole
        target = Box((view_w - drawn_w) / 2, (view_h - drawn_h) / 2, drawn_w, drawn_h)
        return cls(Box(0, 0, picture_w, picture_h), target, mirrored)

    def place(self, box: Box) -> Box:
        """A box of the picture, in the view's pixels."""
        factor = self.target.width / self.source.width
        x = (box.x - self.source.x) * factor
        y = (box.y - self.source.y) * factor
        width, height = box.width * factor, box.height * factor
        if self.mirrored:
            x = self.target.width - x - width
        return Box(self.target.x + x, self.target.y + y, width, height)
