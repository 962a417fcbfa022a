"""How the school uses faces. Pure; any thread."""

from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.school.face_rule import FaceChoice, FaceRule
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import day_and_time


@dataclass(frozen=True, slots=True)
class FaceRuleWords:
    """A rule for faces alone, explained, and what happens at the kiosk under it."""

    title: str
    explanation: str


def face_rule_words(rule: FaceRule) -> FaceRuleWords:
    """How the school uses faces."""
    match rule:
        case FaceRule.OFF:
            return FaceRuleWords(
                _("Off"), _("Students use the code, their pass or the teacher. Nothing looks for faces.")
            )
        case FaceRule.VERIFY_ONLY:
            return FaceRuleWords(
                _("Verify only"),
                _(
                    "A student says who they are, by phone, pass or number. The camera compares the face with that student alone."
                ),
            )
        case FaceRule.WALK_PAST:
            return FaceRuleWords(
                _("Walk past"),
                _(
                    "The camera searches each face among everybody enrolled in the course. The law often forbids it."
                ),
            )
        case _:
            assert_never(rule)


def face_choice_words(choice: FaceChoice, zone: ZoneInfo) -> str:
    """Who chose the rule, and when."""
    if choice.chosen_at is None:
        return _("Nobody has chosen this yet.")
    return _(
        "Chosen by {name} on {when}.",
        name=actor_name(choice.chosen_by),
        when=day_and_time(choice.chosen_at, zone),
    )


def first_choice_sentences(*, is_strict: bool, is_new: bool) -> tuple[str, ...]:
    """What an admin is told before choosing: five sentences."""
    where = (
        _(
            "By its time zone this PC stands where the law is strict about faces in schools: walking past is not offered now."
        )
        if is_strict
        else _("Many countries forbid or limit it in schools: ask whoever answers for data protection.")
    )
    return (
        _(
            "Faces are biometric data, and pupils are not free to refuse a camera that everybody must walk past."
        ),
        where
        if is_new
        else _("Until now each face was searched among everybody enrolled; that goes on until you choose."),
        _("Verify only compares a face with the one student who says to be there, and only with consent."),
        _("Off looks at no face; phones, passes and the teacher do for everybody."),
        _("Your choice is kept with your name and today's date, and can be changed in the settings."),
    )
