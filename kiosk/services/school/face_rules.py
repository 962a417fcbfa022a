"""How the school uses faces: what is in force, who chose it and when, and what is refused under it. Any thread."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from kiosk.domain.school.face_rule import STRICT_COUNTRIES, FaceChoice, FaceRule, offered_at_first
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.events import Events, FaceRuleChanged
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require_within
from kiosk.settings import country_of_pc
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

RULE: Final = "faces.rule"
NEW_SCHOOL: Final = FaceRule.VERIFY_ONLY
"""In force until somebody chooses."""
_BY: Final = "faces.chosen_by"
_AT: Final = "faces.chosen_at"
_ASKED: Final = "faces.asked_at"
CHOSEN: Final = "faces.rule_chosen"
"""Of the log."""


class FaceRules:
    """Reads and changes the rule; an admin's right."""

    def __init__(self, *, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def choice(self) -> FaceChoice:
        """What is in force, and how it came about."""
        return self._store.read(lambda repositories: choice_of(repositories.school_settings.all()))

    def rule(self) -> FaceRule:
        """What is in force."""
        return self.choice().rule

    def offered(self) -> tuple[FaceRule, ...]:
        """Between which rules an admin chooses who is asked, the proposed one first.

        A school of an earlier version is proposed what it has; a new one, by the zone of this PC, the strict ones.
        """
        choice = self.choice()
        if not choice.is_kept:
            return offered_at_first(country_of_pc())
        return choice.rule, *(one for one in FaceRule if one is not choice.rule)

    def must_ask(self) -> bool:
        """Whether the next admin is to be asked: nobody has chosen, and none was asked."""
        choice = self.choice()
        return not choice.is_chosen and not choice.is_asked

    def choose(self, rule: FaceRule, *, actor: Actor) -> FaceChoice:
        """Put a rule into force; marks by face obey it at once, in every room.

        A class that is open here follows a stricter one at once, in other rooms within seconds; a wider one counts from the
        next class on.

        Raises:
            ForbiddenError: The actor is no admin.
        """

        def work(repositories: Repositories) -> FaceChoice:
            require_within(repositories, actor, Right.ADMINISTER)
            at = self._clock.now()
            for name, value in ((RULE, rule.value), (_BY, actor.name), (_AT, at.isoformat())):
                repositories.school_settings.put(name, value)
            repositories.audit.add(at, actor.name, CHOSEN, RULE, rule.value)
            return choice_of(repositories.school_settings.all())

        return self._store.write(work, then=lambda choice: self._events.emit(FaceRuleChanged(choice.rule)))

    def note_asked(self, *, actor: Actor) -> None:
        """Remember that an admin of a school of an earlier version was asked and left it as it is; it is not asked again."""
        now = self._clock.now()

        def work(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.ADMINISTER)
            if choice_of(repositories.school_settings.all()).is_kept:
                repositories.school_settings.put(_ASKED, now.isoformat())
                repositories.audit.add(now, actor.name, "faces.rule_asked", RULE, "left as it is")

        self._store.write(work)

    def require_use(self) -> None:
        """Refuse what needs faces where the school does not use them. Raises ConflictError: it does not."""
        if not self.rule().uses_faces:
            raise ConflictError(*faces_are_off())

    def require_recording(self) -> str:
        """Refuse to search a recording's faces where the school does not let the camera do that.

        Nobody in a recording says who they are, so it can only be searched. While a new school outside of the strict countries
        has not chosen, a recording may be tried out; the answer is then what to say about it.

        Raises:
            ConflictError: Faces are off, or are only verified.
        """
        choice = self.choice()
        if choice.rule is FaceRule.WALK_PAST:
            return ""
        if not choice.rule.uses_faces:
            raise ConflictError(*faces_are_off())
        if choice.is_kept or country_of_pc() in STRICT_COUNTRIES:
            raise ConflictError(
                _("This school lets the camera verify faces only; in a recording nobody says who they are."),
                _("An admin may choose otherwise: “kiosk faces rule walk_past”."),
            )
        return _(
            "Nobody has chosen yet how this school uses faces; this recording is searched among everybody. “kiosk faces rule” "
            "says what there is to choose."
        )


def choice_of(texts: Mapping[str, str]) -> FaceChoice:
    """The choice as the database keeps it; what is no rule counts as the one that a new school has."""
    at, kept = texts.get(_AT), texts.get(RULE)
    return FaceChoice(
        FaceRule(kept) if kept in set(FaceRule) else NEW_SCHOOL,
        texts.get(_BY, ""),
        datetime.fromisoformat(at) if at else None,
        _ASKED in texts,
        RULE in texts,
    )


def faces_are_off() -> tuple[str, str]:
    """Sentence and hint for whoever wants something with faces."""
    return (
        _("This school does not use faces."),
        _("An admin may choose otherwise in the settings, under School."),
    )
