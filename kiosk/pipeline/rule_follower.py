"""Lets the class that is open follow a stricter rule for faces at once; a wider one counts from the next class on.

A rule that was chosen here comes as an event, one that was chosen elsewhere is found by `tick`, on the housekeeping thread.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.school.face_rule import FaceRule
from kiosk.pipeline.class_run import ClassRun, Means
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events, FaceRuleChanged


class FollowsRule(Protocol):
    """Knows by which rule the class at work looks at faces."""

    def school_rule(self) -> FaceRule:
        """The one that is kept now."""

    def follow(self, session: ClassSession, rule: FaceRule) -> Means | None:
        """With what the class looks at faces from now on; None where `rule` is no stricter than the one it goes by."""


class RuleFollower:
    """Puts what is allowed now in the place of the recognition at work."""

    def __init__(
        self,
        *,
        running: RunningClass,
        run: Callable[[], ClassRun | None],
        classes: FollowsRule,
        events: Events,
    ) -> None:
        self._running = running
        self._run = run
        self._classes = classes
        self._lock = threading.Lock()
        events.subscribe(FaceRuleChanged, self._on_rule)

    def tick(self) -> None:
        """Look whether somebody chose another rule elsewhere: on the command line, or in another room."""
        if self._running.is_open:
            self._follow(self._classes.school_rule())

    def _on_rule(self, event: FaceRuleChanged) -> None:
        self._follow(event.rule)

    def _follow(self, rule: FaceRule) -> None:
        with self._lock:
            shown, run = self._running.current, self._run()
            if shown is None or run is None or shown.session.session_id != run.session.session_id:
                return
            means = self._classes.follow(shown.session, rule)
            if means is not None:
                run.look_with(means)
