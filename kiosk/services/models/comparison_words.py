"""How models compare on the school's people, in words. Any thread."""

import math
from datetime import tzinfo

from kiosk.domain.faces.calibration import MIN_PEOPLE
from kiosk.domain.faces.error_rates import Interval
from kiosk.domain.models.model_comparison import ModelComparison
from kiosk.translation import _, ngettext
from kiosk.wording.dates import day_of
from kiosk.wording.settings import model_title


def of_hundred(interval: Interval) -> str:
    """From where to where, of a hundred, in whole numbers: ``1 to 3``."""
    low, high = math.floor(100 * interval.low), math.ceil(100 * interval.high)
    return str(high) if low == high else _("{low} to {high}", low=low, high=high)


def missed_words(found: ModelComparison, model: str) -> str:
    """``misses 1 to 3 of 100 students``; empty where nothing is known."""
    errors = found.of(model)
    if errors is None or errors.missed is None:
        return ""
    return _("misses {number} of 100 students", number=of_hundred(errors.missed.interval))


def least_words(found: ModelComparison, in_use: str) -> str:
    """Which model errs least, and whether that is more than chance beside the one in use; empty where nothing is known."""
    least = found.least
    if least is None:
        return ""
    words = _(
        "{title} errs least: it {missed}.",
        title=model_title(least.model),
        missed=missed_words(found, least.model),
    )
    if least.model == in_use or in_use in least.better_than:
        return words
    return words + " " + _("Beside the model in use that may be chance.")


def measured_words(found: ModelComparison, zone: tzinfo) -> str:
    """On what it rests, with its day."""
    day = day_of(found.measured_at, zone)
    if not found.is_enough:
        return ngettext(
            "Measured on {day}: faces of {n} person are enrolled. Fewer than {least} say nothing.",
            "Measured on {day}: faces of {n} people are enrolled. Fewer than {least} say nothing.",
            found.people,
            day=day,
            n=found.people,
            least=MIN_PEOPLE,
        )
    people = ngettext(
        "Measured on {day} on {n} person, {days} of them with pictures of different days.",
        "Measured on {day} on {n} people, {days} of them with pictures of different days.",
        found.people,
        day=day,
        n=found.people,
        days=found.people_of_days,
    )
    if found.people_of_days:
        return people
    return people + " " + _("So how they look on other days is forecast from other people.")
