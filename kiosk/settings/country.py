"""In which country a time zone lies, as far as the zone says it. Any thread."""

import tzlocal
from babel.core import get_global


def country_of(zone: str) -> str | None:
    """The country (ISO 3166-1, two letters) of a zone such as ``Europe/Berlin``; None for one of no country, as ``UTC``.

    By Unicode's table of zones and territories, which comes with Babel; older names, as ``GB``, are looked up by their new ones.
    """
    territories = get_global("zone_territories")
    found = territories.get(get_global("zone_aliases").get(zone, zone)) or territories.get(zone)
    return found if found is not None and found.isalpha() and found != "ZZ" else None


def country_of_pc() -> str | None:
    """The country of this PC's time zone."""
    return country_of(tzlocal.get_localzone_name())
