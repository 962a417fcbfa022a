"""Everybody who can be marked, as a list that is read page by page. Any thread but the window's.

Ids are read first, then everything else for the page that is shown. Only where the list is sorted or filtered by attendance
or consent is that read of everybody, and kept for a few seconds: typing and turning pages do not read it again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.domain.attendance.attendance_rates import is_below
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.consents import NEVER_ASKED, ConsentState, Standing
from kiosk.domain.people.people_list import ListedPerson, PeopleColumn, PeopleFilter
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.core import Core
from kiosk.services.courses.course_teachers import courses_seen
from kiosk.services.courses.own_courses import require_course
from kiosk.services.people.persons import shown_picture
from kiosk.services.trust.rights import require_within
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories

if TYPE_CHECKING:
    from kiosk.services.people.people_queries import Figures, PeopleQueries, Wanted

KEPT_S: Final = 10
"""Seconds for which what was read of everybody serves again; what a page shows is always read anew."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One question within its transaction."""

    queries: "PeopleQueries"
    wanted: "Wanted"
    order: PeopleColumn
    descending: bool
    limit: int
    sees_enrolment: bool
    pictures: Callable[[int], bytes | None]


class PeopleList:
    """Reads it."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._kept_figures: dict[
            tuple[frozenset[int] | None, object], tuple[float, Mapping[int, Figures]]
        ] = {}
        self._kept_standings: dict[object, tuple[float, Mapping[int, Standing]]] = {}

    def forget(self) -> None:
        """Read everything anew the next time: somebody changed more than a record or an answer."""
        self._kept_figures, self._kept_standings = {}, {}

    def count(self, asked: ListQuestion, *, actor: Actor, course_id: int | None = None) -> int:
        """How many people there are; `course_id`: in this course today.

        Teachers see the students of their own courses.

        Raises:
            ForbiddenError: It is a course of somebody else's.
        """

        def query(repositories: Repositories) -> int:
            return len(self._ids(self._case(repositories, asked, actor, course_id)))

        return self._core.store.read(query)

    def page(
        self, asked: ListQuestion, *, first: int, most: int, actor: Actor, course_id: int | None = None
    ) -> list[ListedPerson]:
        """Those from place `first` (from 0), at most `most`; filters and columns that are not known are passed over."""

        def query(repositories: Repositories) -> list[ListedPerson]:
            case = self._case(repositories, asked, actor, course_id)
            return _lines(case, self._ids(case)[first : first + most])

        return self._core.store.read(query)

    def _case(
        self, repositories: Repositories, asked: ListQuestion, actor: Actor, course_id: int | None
    ) -> _Case:
        from kiosk.services.people.people_queries import PeopleQueries, Wanted

        require_within(repositories, actor, Right.SEE_RECORDS)
        if course_id is not None:
            require_course(repositories, actor, course_id)
        sees_enrolment = actor.may(Right.ENROL)
        filters = {PeopleFilter(name) for name in asked.filters if name in set(PeopleFilter)}
        order = PeopleColumn(asked.sort) if asked.sort in set(PeopleColumn) else PeopleColumn.NAME
        if not sees_enrolment:
            filters = {one for one in filters if not one.is_of_enrolment}
            order = PeopleColumn.NAME if order.is_of_enrolment else order
        wanted = Wanted(
            today=self._core.today(),
            search=asked.search,
            filters=frozenset(filters),
            seen=courses_seen(repositories, actor),
            course_id=course_id,
        )
        rules = SchoolRules.from_texts(repositories.school_settings.all())
        queries = PeopleQueries(db_session=repositories.db_session)
        pictures = partial(_picture, repositories) if rules.pictures_in_lists else _no_picture
        return _Case(
            queries,
            wanted,
            order,
            asked.descending,
            rules.attendance_limit_percent,
            sees_enrolment,
            pictures,
        )

    def _ids(self, case: _Case) -> list[int]:
        """Of all who are asked for, in order."""
        keys = self._sort_keys(case)
        ids = case.queries.ids(case.wanted, case.order, descending=case.descending and keys is None)
        if PeopleFilter.NO_CONSENT in case.wanted.filters:
            standings = self._standings(case)
            ids = [one for one in ids if not standings.get(one, NEVER_ASKED).counts]
        if PeopleFilter.BELOW_LIMIT in case.wanted.filters:
            figures = self._figures(case)
            ids = [one for one in ids if one in figures and is_below(figures[one].count, case.limit)]
        return ids if keys is None else _sorted(ids, keys, case.descending)

    def _sort_keys(self, case: _Case) -> dict[int, float] | None:
        """By what to sort those of whom it is known; None where the database has sorted them."""
        match case.order:
            case PeopleColumn.CONSENT:
                states = list(ConsentState)
                return {one: states.index(said.state) for one, said in self._standings(case).items()}
            case PeopleColumn.ATTENDANCE:
                ratios = {one: found.count.ratio for one, found in self._figures(case).items()}
                return {one: ratio for one, ratio in ratios.items() if ratio is not None}
            case PeopleColumn.SEEN:
                moments = {one: found.seen_at for one, found in self._figures(case).items()}
                return {one: at.timestamp() for one, at in moments.items() if at is not None}
            case _:
                return None

    def _figures(self, case: _Case) -> "Mapping[int, Figures]":
        now, queries, seen = self._core.clock.monotonic(), case.queries, case.wanted.seen
        key = (seen, queries.newest_record())
        kept = self._kept_figures.get(key)
        if kept is None or now - kept[0] >= KEPT_S:
            kept = (now, queries.figures(seen))
            self._kept_figures = {key: kept}
        return kept[1]

    def _standings(self, case: _Case) -> Mapping[int, Standing]:
        now, key = self._core.clock.monotonic(), case.queries.newest_word()
        kept = self._kept_standings.get(key)
        if kept is None or now - kept[0] >= KEPT_S:
            kept = (now, case.queries.standings())
            self._kept_standings = {key: kept}
        return kept[1]


def _picture(repositories: Repositories, student_id: int) -> bytes:
    return shown_picture(repositories, student_id) or b""


def _no_picture(_student_id: int) -> None:
    """The school shows none."""


def _sorted(ids: list[int], keys: Mapping[int, float], descending: bool) -> list[int]:
    """By the keys, those without one last; equal ones stay as they were, by name."""
    known = [one for one in ids if one in keys]
    known.sort(key=lambda one: -keys[one] if descending else keys[one])
    return known + [one for one in ids if one not in keys]


def _lines(case: _Case, ids: Sequence[int]) -> list[ListedPerson]:
    """A page, read for itself."""
    queries, seen = case.queries, case.wanted.seen
    students, states = queries.students(ids), queries.states(ids)
    courses, figures = queries.courses(ids, case.wanted.today, seen), queries.figures(seen, ids)
    standings = queries.standings(ids) if case.sees_enrolment else {}
    faces = queries.faces(ids) if case.sees_enrolment else {}
    nothing = type(queries).NO_FIGURES
    lines = []
    for one in ids:
        found, (has_pin, inactive_from) = figures.get(one, nothing), states[one]
        lines.append(
            ListedPerson(
                students[one] if case.sees_enrolment else replace(students[one], email=None),
                courses.get(one, ()),
                standings.get(one, NEVER_ASKED),
                faces.get(one, 0),
                has_pin and case.sees_enrolment,
                found.count,
                found.seen_at,
                is_below(found.count, case.limit),
                inactive_from if inactive_from is not None and inactive_from <= case.wanted.today else None,
                case.pictures(one),
            )
        )
    return lines
