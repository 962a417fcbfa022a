"""Who answered about face recognition, and when, in words. Pure."""

from datetime import date
from zoneinfo import ZoneInfo

from kiosk.domain.people.consents import AnsweredBy, Answerer, Consent, Standing
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import numeric_day
from kiosk.wording.lists import listed


def answer_words(word: Consent | None, zone: ZoneInfo) -> str:
    """Whose answer it is, and of which day; empty for none."""
    if word is None:
        return ""
    day = numeric_day(_day(word, zone))
    if word.answerer is None:
        return day
    return f"{day}, {who_words(word.answerer)}"


def who_words(who: Answerer) -> str:
    """The student, or the guardian by name."""
    if who.by is AnsweredBy.STUDENT:
        return _("the student")
    return who.name or _("a parent or guardian")


def said_words(standing: Standing, zone: ZoneInfo) -> str:
    """What somebody at the desk should know besides; empty for nothing."""
    if standing.objections:
        said = [
            f"{who_words(word.answerer)} ({numeric_day(_day(word, zone))})"
            for word in standing.objections
            if word.answerer is not None
        ]
        return _("No is said by {who}. Only they can take it back.", who=listed(said))
    newest = standing.newest
    if newest is None:
        return ""
    return _(
        "Written down by {recorded_by}; answers the notice, version {version}.",
        recorded_by=actor_name(newest.recorded_by),
        version=newest.notice,
    )


def _day(word: Consent, zone: ZoneInfo) -> date:
    return word.answered_on or word.recorded_at.astimezone(zone).date()
