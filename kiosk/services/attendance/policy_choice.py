"""Which proof policy a class starts with: what a teacher chose for the course last. Any thread."""

from collections.abc import Iterable
from typing import Final

from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store

_CHOSEN: Final = "policy.course."
USUAL: Final = ProofPolicy.EITHER


class PolicyChoice:
    """Remembers a policy for each course."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def presets(self, course_ids: Iterable[int]) -> dict[int, ProofPolicy]:
        """What each course's next class starts with unless somebody chooses another one."""
        wanted = list(course_ids)

        def query(repositories: Repositories) -> dict[int, str | None]:
            return {one: repositories.school_settings.get(f"{_CHOSEN}{one}") for one in wanted}

        chosen = self._store.read(query)
        return {one: ProofPolicy(text) if text in set(ProofPolicy) else USUAL for one, text in chosen.items()}

    def remember(self, course_id: int, policy: ProofPolicy, *, actor: Actor) -> None:
        """Start this course's classes with `policy` from now on."""
        require(self._store, actor, Right.TAKE)
        name = f"{_CHOSEN}{course_id}"

        def work(repositories: Repositories) -> None:
            if repositories.school_settings.get(name) == policy.value:
                return
            repositories.school_settings.put(name, policy.value)
            course = repositories.courses.get(course_id)
            subject = course.code if course is not None else f"#{course_id}"
            repositories.audit.add(self._clock.now(), actor.name, "policy.changed", subject, policy.value)

        self._store.write(work)
