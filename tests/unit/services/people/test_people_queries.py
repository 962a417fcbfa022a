"""The list of people and merging in both databases: orders, filters, sums, rows taken out and put back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.people.people_list import PeopleColumn, PeopleFilter
from kiosk.services.people.merge_queries import MergeQueries, Moved
from kiosk.services.people.merged_days import MergedDays
from kiosk.services.people.people_queries import PeopleQueries, Wanted
from kiosk.services.people.person_queries import PersonQueries
from kiosk.storage.database.sql_database import SqlDatabase
from tests.unit.storage.classroom import DAY, START, TERM, Classroom, mark


@pytest.mark.parametrize("order", PeopleColumn)
@pytest.mark.parametrize("descending", [False, True])
def test_each_order_lists_everybody(
    database: SqlDatabase, classroom: Classroom, order: PeopleColumn, descending: bool
) -> None:
    with database.snapshot() as repositories:
        queries = PeopleQueries(db_session=repositories.db_session)
        found = queries.ids(Wanted(today=DAY), order, descending=descending)
    assert sorted(found) == sorted(one.student_id for one in classroom.students)


def test_words_filters_and_courses_narrow_the_list_down(database: SqlDatabase, classroom: Classroom) -> None:
    zoe, emile, carl = (one.student_id for one in classroom.students)
    with database.transaction() as repositories:
        repositories.students.set_pin_hash(zoe, "hash")
        repositories.students.set_inactive(carl, DAY)
        queries = PeopleQueries(db_session=repositories.db_session)

        def ids(wanted: Wanted) -> list[int]:
            return queries.ids(wanted, PeopleColumn.NAME, descending=False)

        course_id = classroom.course.course_id
        assert ids(Wanted(today=DAY)) == [zoe, emile]
        assert ids(Wanted(today=DAY, search="BAUER emile")) == [emile]
        assert ids(Wanted(today=DAY, filters=frozenset({PeopleFilter.NO_PIN}))) == [emile]
        assert ids(Wanted(today=DAY, filters=frozenset({PeopleFilter.NO_PICTURES}))) == [zoe, emile]
        assert ids(Wanted(today=DAY, filters=frozenset({PeopleFilter.INACTIVE}))) == [carl]
        assert ids(Wanted(today=DAY, seen=frozenset({course_id}), course_id=course_id)) == [zoe, emile]
        assert ids(Wanted(today=DAY, seen=frozenset())) == []
        assert ids(Wanted(today=TERM - timedelta(days=1), course_id=course_id)) == []


def test_figures_say_how_often_and_when_last(database: SqlDatabase, classroom: Classroom) -> None:
    zoe, emile, _carl = classroom.students
    with database.transaction() as repositories:
        record = mark(repositories, classroom.session, zoe)
        queries = PeopleQueries(db_session=repositories.db_session)
        for ids in (None, [zoe.student_id]):
            figures = queries.figures(None, ids)
            assert figures[zoe.student_id].count.of(record.status) == 1
            assert figures[zoe.student_id].seen_at == record.marked_at
            assert emile.student_id not in figures
        assert queries.figures(frozenset()) == {}
        assert queries.courses([zoe.student_id], DAY, None) == {zoe.student_id: ("MATH-1",)}


def test_a_record_is_taken_out_and_put_back(database: SqlDatabase, classroom: Classroom) -> None:
    zoe, emile, _carl = (one.student_id for one in classroom.students)
    with database.transaction() as repositories:
        record = mark(repositories, classroom.session, classroom.students[0])
        mark(repositories, classroom.session, classroom.students[1])
        repositories.objections.add(record_id=record.record_id, reason="no", made_at=START)
        queries = MergeQueries(db_session=repositories.db_session)
        ((both, kept_record, gone_record),) = queries.both_marked(emile, zoe)
        assert (both.kept, both.gone, gone_record) == (record.status, record.status, record.record_id)
        assert kept_record != gone_record
        taken = queries.take_out(record.record_id)
        assert repositories.records.find(classroom.session.session_id, zoe) is None
        assert queries.put_back(taken, zoe)
        assert not queries.put_back(taken, zoe)
        found = repositories.records.find(classroom.session.session_id, zoe)
        assert found is not None
        assert (found.status, found.marked_at) == (record.status, record.marked_at)
        assert [one.reason for one in repositories.objections.of_record(found.record_id)] == ["no"]


def test_days_are_united_and_parted_and_a_merge_is_noted(database: SqlDatabase, classroom: Classroom) -> None:
    zoe, emile, carl = (one.student_id for one in classroom.students)
    with database.transaction() as repositories:
        queries = MergeQueries(db_session=repositories.db_session)
        merged_days = MergedDays(db_session=repositories.db_session)
        persons = PersonQueries(db_session=repositories.db_session)

        def days(student_id: int) -> list[tuple[date, date | None]]:
            return [(one.since, one.until) for one in persons.courses(student_id, {}, None)]

        repositories.courses.unregister(classroom.course.course_id, zoe, DAY)
        before = (days(zoe), days(emile))
        united = merged_days.unite(zoe, emile)
        assert (days(zoe), days(emile)) == ([(TERM, None)], [])
        moved = Moved(
            records=[],
            both=[],
            days=united,
            owned=queries.hand_over_owned(None, of=emile, to=zoe),
            uses=queries.hand_over_uses(of=emile, to=zoe),
            named=queries.hand_over_names(of=emile, to=zoe),
            pictures=[],
            takes_pin=False,
        )
        merge_id = queries.note(zoe, emile, moved, at=START, by="Eva")
        assert not persons.is_seen(emile, None)
        assert [one.student_id for one in repositories.students.all()] == [zoe, carl]
        row = queries.merge(merge_id)
        assert row is not None
        merged_days.part(united, zoe, emile)
        queries.take_back(row, at=START, by="Eva")
        assert (days(zoe), days(emile)) == before
        assert queries.merge(merge_id) is None


def test_what_counts_as_present_is_seen(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        record = mark(repositories, classroom.session, classroom.students[0])
        absent = replace(record, status=Status.ABSENT, method=None)
        repositories.records.correct(absent, corrected_at=START, actor="Tom", reason="left")
        figures = PeopleQueries(db_session=repositories.db_session).figures(None)
    assert figures[classroom.students[0].student_id].seen_at is None
