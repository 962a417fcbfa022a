"""Which check against pictures a class gets: the teacher's choice, the school's rule, or what is installed. Any thread."""

from collections.abc import Callable, Iterable
from typing import Final, Protocol, assert_never

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import KioskError
from kiosk.services.school.school_settings import School
from kiosk.services.trust.rights import require
from kiosk.settings import LivenessDefault
from kiosk.storage.store import Repositories, Store

_CHOSEN: Final = "liveness.course."


class LivenessNetworks(Protocol):
    """The networks that tell faces from pictures, as they are installed here. Any thread."""

    def problem(self, mode: LivenessMode) -> KioskError | None:
        """Why a check cannot be made here; may read files."""

    def are_installed(self) -> bool:
        """Whether those of the passive check are there; quick."""


class LivenessChoice:
    """Says what a class starts with, and remembers what a teacher chose for a course."""

    def __init__(
        self, *, store: Store, school: School, networks: LivenessNetworks, watches_people: Callable[[], bool]
    ) -> None:
        """`watches_people` says whether faces come from a camera; in a recording and in the demo every face is a picture."""
        self._store = store
        self._school = school
        self._networks = networks
        self._watches_people = watches_people

    def presets(self, course_ids: Iterable[int]) -> dict[int, LivenessMode]:
        """What each course's next class starts with unless somebody chooses another one.

        Raises:
            SettingsError: A rule of the school is out of bounds.
        """
        wanted = list(course_ids)
        if not self._watches_people():
            return dict.fromkeys(wanted, LivenessMode.OFF)
        usual = self._usual()

        def query(repositories: Repositories) -> dict[int, str | None]:
            return {one: repositories.school_settings.get(f"{_CHOSEN}{one}") for one in wanted}

        chosen = self._store.read(query)
        return {one: _mode(text) or usual for one, text in chosen.items()}

    def remember(self, course_id: int, mode: LivenessMode, *, actor: Actor) -> None:
        """Start this course's classes with `mode` from now on; the usual one is followed when it changes."""
        require(self._store, actor, Right.TAKE)
        value = "" if mode is self._usual() else mode.value
        self._store.write(
            lambda repositories: repositories.school_settings.put(f"{_CHOSEN}{course_id}", value)
        )

    def can(self, mode: LivenessMode) -> bool:
        """Whether a class can be checked in this way here; may read files."""
        return self._networks.problem(mode) is None

    def check(self, mode: LivenessMode) -> None:
        """See whether a class can be checked in this way here.

        Raises:
            ModelError: A network that it needs is not installed, or damaged.
        """
        problem = self._networks.problem(mode)
        if problem is not None:
            raise problem

    def _usual(self) -> LivenessMode:
        rule = self._school.rules().liveness
        match rule:
            case LivenessDefault.AUTO:
                return LivenessMode.PASSIVE if self._networks.are_installed() else LivenessMode.OFF
            case LivenessDefault.OFF:
                return LivenessMode.OFF
            case LivenessDefault.PASSIVE:
                return LivenessMode.PASSIVE
            case LivenessDefault.ACTIVE:
                return LivenessMode.ACTIVE
            case _:
                assert_never(rule)


def _mode(text: str | None) -> LivenessMode | None:
    return LivenessMode(text) if text in set(LivenessMode) else None
