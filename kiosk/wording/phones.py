"""What enrolled phones are called. Pure; any thread."""

from kiosk.domain.phones.enrolled import EnrolledPhone
from kiosk.translation import _


def phone_title(phone: EnrolledPhone) -> str:
    """Such as ``iPhone``."""
    return phone.kind or _("A phone")


def key_sentence(phone: EnrolledPhone) -> str:
    """How the kiosk knows it, where a copied cookie is not enough; else empty."""
    return _("It shows a key of its own, which cannot be copied.") if phone.key is not None else ""
