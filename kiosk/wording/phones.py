"""What enrolled phones are called. Pure; any thread."""

from kiosk.domain.phones.enrolled import EnrolledPhone
from kiosk.translation import _


def phone_title(phone: EnrolledPhone) -> str:
    """Such as ``iPhone``."""
    return phone.kind or _("A phone")
