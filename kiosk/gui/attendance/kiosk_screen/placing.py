"""Where result cards stand so that they hide no face. Pure arithmetic in the view's pixels."""

from collections.abc import Sequence

from kiosk.domain.faces.frames import Box


def card_place(
    *,
    width: float,
    height: float,
    card: tuple[float, float],
    margin: float,
    faces: Sequence[Box],
    now: Box | None = None,
) -> Box:
    """The place for a card (or pile of cards) of size `card` in a view of `width` × `height`.

    Bottom left if no face is there, else the next free one of bottom right, top left, top right, bottom middle and top
    middle; if all are taken, where least of a face is hidden. A card that stands somewhere free stays there.
    """
    across, down = card
    left, middle, right = margin, (width - across) / 2, width - margin - across
    top, bottom = margin, height - margin - down
    places = [
        Box(x, y, across, down)
        for x, y in (
            (left, bottom),
            (right, bottom),
            (left, top),
            (right, top),
            (middle, bottom),
            (middle, top),
        )
    ]
    if now is not None:
        held = min(places, key=lambda place: abs(place.x - now.x) + abs(place.y - now.y))
        places = [held, *(place for place in places if place is not held)]
    return min(places, key=lambda place: hidden(place, faces))


def request_place(
    *,
    width: float,
    height: float,
    card: tuple[float, float],
    margin: float,
    faces: Sequence[Box],
    now: Box | None = None,
) -> Box:
    """The place for a card that asks for something: in the middle, above the faces or, where they are high, below.

    It stays where it is as long as it hides nothing.
    """
    across, down = card
    x = (width - across) / 2
    places = [Box(x, y, across, down) for y in (margin, height - margin - down)]
    if now is not None:
        places.sort(key=lambda place: abs(place.y - now.y))
    return min(places, key=lambda place: hidden(place, faces))


def hidden(place: Box, faces: Sequence[Box]) -> float:
    """How many square pixels of faces a place covers."""
    return sum(_shared(place, face) for face in faces)


def _shared(first: Box, second: Box) -> float:
    across = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    down = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    return max(0.0, across) * max(0.0, down)
