"""How far setting the school up is, kept in its database so that a power cut loses nothing. Any thread."""

from typing import Final

from kiosk.domain.people.staff import Role
from kiosk.domain.school.set_up import SetUpProgress, SetUpState, SetUpStep, StepState
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store

STATE: Final = "setup.state"
STEP: Final = "setup.step."


class SetUp:
    """What was done counts as done however it was done: in the assistant, on another page, or by a command."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def progress(self) -> SetUpProgress:
        """How far it is."""
        return self._store.read(_progress)

    def begin(self, *, actor: Actor) -> None:
        """The assistant is shown for the first time; nothing where it was before."""
        require(self._store, actor, Right.ADMINISTER)

        def work(repositories: Repositories) -> None:
            if repositories.school_settings.get(STATE) is None:
                self._put(repositories, actor, STATE, SetUpState.RUNNING)

        self._store.write(work)

    def note(self, step: SetUpStep, state: StepState, *, actor: Actor) -> None:
        """A step was done, or skipped."""
        require(self._store, actor, Right.ADMINISTER)
        self._store.write(lambda repositories: self._put(repositories, actor, STEP + step, state))

    def finish(self, *, actor: Actor) -> None:
        """The assistant was walked through; what is left is on a list from now on."""
        require(self._store, actor, Right.ADMINISTER)
        self._store.write(lambda repositories: self._put(repositories, actor, STATE, SetUpState.OVER))

    def dismiss(self, *, actor: Actor) -> None:
        """Nobody is to be reminded any more of what is left."""
        require(self._store, actor, Right.ADMINISTER)
        self._store.write(lambda repositories: self._put(repositories, actor, STATE, SetUpState.DISMISSED))

    def _put(self, repositories: Repositories, actor: Actor, name: str, value: str) -> None:
        if repositories.school_settings.get(name) != value:
            repositories.school_settings.put(name, value)
            repositories.audit.add(self._clock.now(), actor.name, "school.set_up", name, value)


def _progress(repositories: Repositories) -> SetUpProgress:
    texts = repositories.school_settings.all()
    done = {
        SetUpStep.SCHOOL: bool(texts.get("rules.school_name")),
        SetUpStep.ADMIN: any(one.role is Role.ADMIN for one in repositories.users.all()),
        SetUpStep.COURSE: bool(repositories.courses.all()),
    }
    steps = {
        step: StepState.DONE if done.get(step, False) else StepState(texts.get(STEP + step, StepState.OPEN))
        for step in SetUpStep
    }
    return SetUpProgress(SetUpState(texts.get(STATE, SetUpState.NONE)), steps)
