"""Draws the class that is open for a teacher's browser: what each page shows, and how what was refused is said beside it."""

from typing import Final
from zoneinfo import ZoneInfo

from fastapi import Response

from kiosk.domain.attendance.choices import Status
from kiosk.domain.people.staff import User
from kiosk.domain.people.students import fold
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import KioskError
from kiosk.services.attendance.lesson.teaching import Lesson
from kiosk.services.faces.ambiguous_memory import AmbiguousFace
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.memory import DoneByTeacher
from kiosk.web.http.rendering import TEACH_PATH, Pages
from kiosk.web.http.statuses import status_of
from kiosk.web.pages.status_classes import colour_class
from kiosk.web.pages.teach_words import Shown, claim_words, end_words, seen_text, student_line
from kiosk.wording.attendance import (
    USUAL_REASONS,
    dropped_scans_words,
    evidence_words,
    state_title,
    status_title,
)
from kiosk.wording.dates import clock_time

RELOAD_S: Final = 5
"""How often the list comes anew by itself."""

OWN_STATUS: Final = "own-"
"""Begins the value of a status of the school's own; its number follows."""

MOST_SHOWN: Final = 120
"""So many students a page; a search finds the others."""


class LessonViews:
    """One drawn page for each question about a lesson; reads and changes nothing."""

    def __init__(self, pages: Pages, zone: ZoneInfo) -> None:
        self._pages = pages
        self._zone = zone

    def none_open(
        self,
        visitor: Visitor,
        user: User,
        said: DoneByTeacher | None,
        *,
        of_others: KioskError | None = None,
    ) -> Response:
        """No class is open that this teacher may see."""
        return self._pages.draw(
            "teach_none.html",
            has_form=True,
            csrf=visitor.csrf,
            name=user.name,
            said=said,
            of_others=of_others,
        )

    def everybody(
        self,
        visitor: Visitor,
        user: User,
        lesson: Lesson,
        *,
        show: str,
        q: str | None,
        said: DoneByTeacher | None,
    ) -> Response:
        """The list: those who count as `show` says, or those whom `q` finds; who waits is above it."""
        chosen = Shown(show) if show in set(Shown) else Shown.MISSING
        words, tally, session_id = fold((q or "")[:64]).split(), lesson.tally, lesson.session.session_id
        found = [
            student_line(one, self._zone, is_kept=one.student.student_id in lesson.kept)
            for one in lesson.entries
            if (chosen.lets(one.record) or q is not None)
            and all(word in fold(f"{one.student.full_name} {one.student.student_no}") for word in words)
        ]
        return self._pages.draw(
            "teach_class.html",
            has_form=True,
            reload_s=RELOAD_S if q is None else 0,
            csrf=visitor.csrf,
            name=user.name,
            course=lesson.course,
            base=f"{TEACH_PATH}/{session_id}",
            tally=tally,
            tabs=[(one.value, one.heading, one.number(tally), one is chosen and q is None) for one in Shown],
            said=said,
            claims=[(one.student, claim_words(one, self._zone)) for one in lesson.claims],
            faces=[(one.face_id, clock_time(one.seen_at, self._zone)) for one in lesson.faces.faces],
            lines=found[:MOST_SHOWN],
            more=max(0, len(found) - MOST_SHOWN),
            together=chosen is Shown.MISSING and q is None and tally.missing > 1,
            may_end=Actor.of(user).may(Right.TAKE),
            q=q,
        )

    def student(
        self,
        visitor: Visitor,
        user: User,
        lesson: Lesson,
        student_id: int,
        *,
        refusal: KioskError | None = None,
        reason: str = "",
    ) -> Response:
        """What is known of a student, and the form to mark by hand."""
        entry = lesson.entry_of(student_id)
        record = entry.record
        return self._pages.draw(
            "teach_student.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            csrf=visitor.csrf,
            may_mark=Actor.of(user).may(Right.CORRECT),
            course=lesson.course,
            student=entry.student,
            action=f"{TEACH_PATH}/{lesson.session.session_id}/students/{student_id}",
            state=state_title(record),
            status=colour_class(record.shown) if record is not None else "",
            seen=record.version if record is not None else 0,
            known=[evidence_words(one, self._zone) for one in record.evidence] if record is not None else [],
            statuses=_statuses(lesson),
            usual=[_(one) for one in USUAL_REASONS],
            refusal=refusal,
            reason=reason,
        )

    def missing(self, visitor: Visitor, lesson: Lesson, *, refusal: KioskError | None = None) -> Response:
        """Who is missing, and the form to mark them all."""
        missing = [one for one in lesson.entries if Shown.MISSING.lets(one.record)]
        waiting = [
            one.student.full_name for one in missing if lesson.claim_of(one.student.student_id) is not None
        ]
        return self._pages.draw(
            "teach_missing.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            csrf=visitor.csrf,
            course=lesson.course,
            action=f"{TEACH_PATH}/{lesson.session.session_id}/missing",
            names=[one.student.full_name for one in missing],
            waiting=dropped_scans_words(waiting),
            seen=seen_text(missing),
            statuses=_statuses(lesson),
            usual=[_(one) for one in USUAL_REASONS],
            refusal=refusal,
        )

    def face(self, visitor: Visitor, lesson: Lesson, face: AmbiguousFace) -> Response:
        """Whose face it may have been, by name."""
        return self._pages.draw(
            "teach_face.html",
            has_form=True,
            csrf=visitor.csrf,
            course=lesson.course,
            action=f"{TEACH_PATH}/{lesson.session.session_id}/faces/{face.face_id}",
            seen=clock_time(face.seen_at, self._zone),
            candidates=lesson.faces.candidates,
        )

    def end(self, visitor: Visitor, lesson: Lesson) -> Response:
        """What the end will write down."""
        return self._pages.draw(
            "teach_end.html",
            has_form=True,
            csrf=visitor.csrf,
            course=lesson.course,
            action=f"{TEACH_PATH}/{lesson.session.session_id}/end",
            words=end_words(lesson),
        )


def _statuses(lesson: Lesson) -> list[tuple[str, str, str]]:
    """Value, title and colour of each that can be chosen; those of the school's own after the four."""
    four = [(one.value, status_title(one), colour_class(one)) for one in Status]
    own = [(f"{OWN_STATUS}{one.status_id}", one.name, colour_class(one)) for one in lesson.statuses]
    return [*four, *own]
