"""Rows of the lists about courses. Read on worker threads; hold no widgets."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.gui.attendance.afterwards.session_words import session_state, session_title
from kiosk.gui.attendance.day_list import TONES
from kiosk.gui.theme import Tone
from kiosk.gui.widgets.lists.rows import Cell, ListRow
from kiosk.services.courses.course_listing import CourseLine, CourseListing, HeldLine, is_forgotten
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.courses import state_word
from kiosk.wording.dates import clock_time, day_and_time


class CourseRows:
    """The courses; implements `ListSource`."""

    def __init__(self, listing: CourseListing, zone: ZoneInfo) -> None:
        self._listing = listing
        self._zone = zone
        self.actor: Actor = NOBODY

    def count(self, asked: ListQuestion) -> int:
        return len(self._listing.lines(asked, actor=self.actor))

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        found = self._listing.lines(asked, actor=self.actor)[first : first + most]
        return [ListRow(one.course.course_id, self._cells(one)) for one in found]

    def _cells(self, one: CourseLine) -> tuple[Cell, ...]:
        course, meeting = one.course, one.next_meeting
        nobody = Cell(_("nobody"), Tone.LATE)
        return (
            Cell(course.code),
            Cell("" if course.title == course.code else course.title),
            Cell(one.teacher_names) if one.teachers else Cell(_("not assigned"), Tone.MUTED),
            Cell(str(one.students)) if one.students else nobody,
            Cell(day_and_time(meeting.begins_at, self._zone)) if meeting else Cell("–", Tone.MUTED),
            Cell(one.term.name if one.term is not None else "", Tone.MUTED),
            Cell(_("Archived"), Tone.MUTED) if course.is_archived else Cell(_("Active"), Tone.PRESENT),
        )


class StudentRows:
    """Some students; implements `ListSource`. `read` gives all of them."""

    def __init__(self, read: Callable[[], Sequence[Student]]) -> None:
        self._read = read

    def count(self, asked: ListQuestion) -> int:
        return len(self._found(asked))

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        return [
            ListRow(one, (Cell(one.full_name), Cell(one.student_no)))
            for one in self._found(asked)[first : first + most]
        ]

    def _found(self, asked: ListQuestion) -> list[Student]:
        words = fold(asked.search).split()
        found = [
            one
            for one in self._read()
            if all(word in fold(f"{one.full_name} {one.student_no}") for word in words)
        ]
        if asked.sort == "number":
            found.sort(key=lambda one: fold(one.student_no))
        return found[::-1] if asked.descending else found


class HeldRows:
    """Classes of a course and meetings that nobody held; implements `ListSource`. `read` gives all, the newest first."""

    def __init__(self, read: Callable[[], Sequence[HeldLine]], zone: ZoneInfo) -> None:
        self._read = read
        self._zone = zone

    def count(self, asked: ListQuestion) -> int:
        return len(self._found(asked))

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        return [ListRow(one, self._cells(one)) for one in self._found(asked)[first : first + most]]

    def _found(self, asked: ListQuestion) -> list[HeldLine]:
        found = [one for one in self._read() if "forgotten" not in asked.filters or is_forgotten(one)]
        words = fold(asked.search).split()
        found = [one for one in found if all(word in fold(self._text(one)) for word in words)]
        return found if not asked.sort or asked.descending else found[::-1]

    def _text(self, one: HeldLine) -> str:
        session = one.line.session
        by = actor_name(session.started_by) if session is not None else ""
        return f"{self._when(one)} {state_word(one.line.state)} {by}"

    def _when(self, one: HeldLine) -> str:
        """When it began; of a class that was held also what tells it from others of that day."""
        session = one.line.session
        return session_title(session, self._zone) if session else day_and_time(one.line.begins_at, self._zone)

    def _cells(self, one: HeldLine) -> tuple[Cell, ...]:
        line, count = one.line, one.count
        ends = line.meeting.ends_at if line.meeting is not None else None
        if line.session is not None:
            ends = line.session.ended_at
        numbers = ("", "", "")
        if line.session is not None:
            numbers = (str(count.present + count.late), str(count.late), str(count.absent))
        return (
            Cell(self._when(one)),
            Cell(clock_time(ends, self._zone) if ends is not None else ""),
            _state_cell(one),
            *(Cell(one) for one in numbers),
            Cell(actor_name(line.session.started_by) if line.session is not None else ""),
        )


def _state_cell(one: HeldLine) -> Cell:
    """What became of it; of a cancelled class that it does not count, and of one that was added, that."""
    line, session = one.line, one.line.session
    said = session_state(session, one.count.total) if session is not None and not session.is_open else ""
    if not said:
        return Cell(state_word(line.state), TONES[line.state])
    return Cell(f"{said[:1].upper()}{said[1:]}", Tone.MUTED, said)
