"""What Today and Records read from the store, each in one consistent view. Any thread; call from tasks."""

from dataclasses import dataclass

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.app import AttendanceCases
from kiosk.services.core import Core
from kiosk.services.courses.own_courses import require_course
from kiosk.services.courses.todays_courses import CourseToday
from kiosk.services.faces.recognition.liveness_choice import LivenessChoice
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course as Today shows it.

    Attributes:
        today: What the sessions say of it.
        faces: How many of its students have pictures enrolled, whatever the model.
        liveness: How its next class checks faces against pictures, unless somebody chooses.
        missing: Checks that cannot be made on this kiosk.
        policy: What its next class demands, unless somebody chooses.
    """

    today: CourseToday
    faces: int
    liveness: LivenessMode = LivenessMode.OFF
    missing: frozenset[LivenessMode] = frozenset()
    policy: ProofPolicy = ProofPolicy.EITHER


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session of a course, what came of it, and how many students wait for an answer about their record."""

    session: ClassSession
    count: AttendanceCount
    objections: int = 0


def courses_today(
    core: Core, attendance: AttendanceCases, liveness: LivenessChoice, *, user_id: int | None = None
) -> list[CourseLine]:
    """All courses in the order of `Sessions.today`."""
    listed = attendance.sessions.today(user_id=user_id)
    faces = core.store.read(lambda repositories: repositories.courses.sizes(core.today(), enrolled=True))
    presets = liveness.presets(one.course.course_id for one in listed)
    policies = attendance.policies.presets(one.course.course_id for one in listed)
    missing = frozenset(mode for mode in LivenessMode if not liveness.can(mode))
    return [
        CourseLine(one, faces[course_id], presets[course_id], missing, policies[course_id])
        for one in listed
        for course_id in (one.course.course_id,)
    ]


def meetings_of(store: Store, course_id: int, *, actor: Actor) -> list[Meeting]:
    """A course's sessions with their counts, newest first. Raises ForbiddenError: it is taught by somebody else."""
    require(store, actor, Right.SEE_RECORDS)

    def query(repositories: Repositories) -> list[Meeting]:
        require_course(repositories, actor, course_id)
        sessions = repositories.class_sessions.of_course(course_id)
        counts = repositories.records.counts(course_id)
        waiting = repositories.objections.open_by_session(course_id)
        return [
            Meeting(
                session, counts.get(session.session_id, AttendanceCount()), waiting.get(session.session_id, 0)
            )
            for session in sessions
        ]

    return store.read(query)
