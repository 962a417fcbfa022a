from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.courses.courses import Course
from kiosk.domain.messages.mail import StudentContact
from kiosk.domain.people.consents import ConsentState
from kiosk.domain.people.staff import Role
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError
from kiosk.services.events import GalleryChanged
from kiosk.services.people.persons import PersonChangedError
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin, teacher
from tests.world.school import SmallSchool


@pytest.fixture
def course(school: SmallSchool) -> Course:
    return school.add_course("MA")[0]


@pytest.fixture
def student(school: SmallSchool, course: Course) -> Student:
    return school.cases.courses.lists.roster(course.course_id, school.cases.core.today())[0]


def hold(school: SmallSchool, course: Course, student: Student, status: Status) -> int:
    session = school.sessions.start(course.course_id, actor=admin(), model="fake")
    school.marks.mark(session.session_id, student.student_id, status, actor=admin(), reason="seen")
    school.clock.advance(600)
    school.sessions.end(session.session_id, actor=admin())
    return session.session_id


def test_a_persons_page_has_everything_about_the_person(
    school: SmallSchool, course: Course, student: Student
) -> None:
    school.enrol(student, 1, pictures=2)
    school.set_pin(student, "482913")
    hold(school, course, student, Status.LATE)
    person = school.cases.people.persons.read(student.student_id, actor=admin())
    assert person.student == student
    assert (person.has_pin, person.inactive_from, person.is_below) == (True, None, False)
    assert [(one.course, one.until, one.count.late) for one in person.courses] == [(course, None, 1)]
    assert (person.standing.state, len(person.words)) == (ConsentState.YES, 1)
    assert [one.quality for one in person.pictures] == [1.0, 1.0]
    assert [one.record.status for one in person.history] == [Status.LATE]
    assert person.picture is None


def test_a_teacher_reads_nothing_about_enrolment(school: SmallSchool, student: Student) -> None:
    school.enrol(student, 1)
    person = school.cases.people.persons.read(student.student_id, actor=teacher())
    assert (person.standing.state, person.words, person.pictures) == (ConsentState.UNANSWERED, (), ())


def test_a_teacher_reads_addresses_where_the_school_shows_them_and_never_whether_there_is_a_pin(
    school: SmallSchool, student: Student
) -> None:
    school.set_pin(student, "482913")
    persons, contacts = school.cases.people.persons, school.cases.messages.contacts
    persons.change(student, replace(student, email="z@x.example"), actor=admin())
    contacts.change(
        StudentContact(student.student_id), guardian_email="mum@x.example", stopped=False, actor=admin()
    )
    person = persons.read(student.student_id, actor=teacher())
    assert (person.student.email, person.has_pin) == (None, False)
    with pytest.raises(ForbiddenError, match="admins alone"):
        contacts.of_student(student.student_id, actor=teacher())
    school.school.change_rules(SchoolRules(teachers_see_contacts=True), actor=admin())
    person = persons.read(student.student_id, actor=teacher())
    assert (person.student.email, person.has_pin) == ("z@x.example", False)
    contact, _sent = contacts.of_student(student.student_id, actor=teacher())
    assert contact.guardian_email == "mum@x.example"


def test_a_picture_is_shown_where_the_school_shows_pictures(school: SmallSchool, student: Student) -> None:
    school.enrol(student, 1)
    school.school.change_rules(SchoolRules(pictures_in_lists=True), actor=admin())
    assert school.cases.people.persons.read(student.student_id, actor=admin()).picture == b"1"


def test_who_is_deleted_is_read_no_more(school: SmallSchool, student: Student) -> None:
    school.cases.people.removal.remove(student, actor=admin())
    with pytest.raises(NotFoundError):
        school.cases.people.persons.read(student.student_id, actor=admin())
    with pytest.raises(NotFoundError):
        school.cases.people.persons.change(student, replace(student, called="Z"), actor=admin())


def test_a_change_is_cleaned_stored_and_written_to_the_log(school: SmallSchool, student: Student) -> None:
    typed = replace(
        student,
        student_no="MA-٧",
        full_name="  Zoë   Lee ",
        family_name="Lee",
        called=" Zo ",
        email="z@x.example",
    )
    changed = school.cases.people.persons.change(student, typed, actor=admin())
    assert changed == Student(student.student_id, "MA-7", "Zoë Lee", "z@x.example", "Lee", "Zo")
    assert school.cases.people.persons.read(student.student_id, actor=admin()).student == changed
    actions = [entry.action for entry in school.store.read(lambda it: it.audit.entries(2))]
    assert set(actions) == {"student.renumbered", "student.changed"}


def test_the_second_of_two_who_change_one_person_is_told_and_loses_nothing(
    school: SmallSchool, student: Student
) -> None:
    persons = school.cases.people.persons
    theirs = persons.change(student, replace(student, called="Kim"), actor=admin("Ada"))
    mine = replace(student, email="k@x.example")
    with pytest.raises(PersonChangedError, match="Somebody else changed this person") as refused:
        persons.change(student, mine, actor=admin("Eva"))
    assert refused.value.now == theirs
    assert persons.read(student.student_id, actor=admin()).student == theirs
    assert persons.change(theirs, replace(mine, called="Kim"), actor=admin("Eva")).email == "k@x.example"


def test_two_who_make_the_same_change_do_not_get_in_each_others_way(
    school: SmallSchool, student: Student
) -> None:
    persons, wanted = school.cases.people.persons, replace(student, called="Kim")
    assert persons.change(student, wanted, actor=admin("Ada")) == wanted
    assert persons.change(student, wanted, actor=admin("Eva")) == wanted


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (Student(0, "", "Ann"), "cannot be a student number"),
        (Student(0, "a b", "Ann"), "cannot be a student number"),
        (Student(0, "A", " "), "name is missing"),
        (Student(0, "A", "x" * 201), "too long"),
        (Student(0, "A", "Ann", called="x" * 61), "too long"),
        (Student(0, "A", "Ann", "nobody"), "not an e-mail address"),
    ],
)
def test_what_cannot_be_taken_is_said_in_words_and_changes_nothing(
    school: SmallSchool, student: Student, typed: Student, says: str
) -> None:
    with pytest.raises(ConflictError, match=says):
        school.cases.people.persons.change(
            student, replace(typed, student_id=student.student_id), actor=admin()
        )
    assert school.cases.people.persons.read(student.student_id, actor=admin()).student == student


def test_a_name_of_two_hundred_letters_is_taken(school: SmallSchool, student: Student) -> None:
    long = replace(student, full_name="Ä" * 199 + "b", family_name="F" * 200)
    assert school.cases.people.persons.change(student, long, actor=admin()) == long


def test_another_persons_number_is_refused(school: SmallSchool, student: Student) -> None:
    with pytest.raises(ConflictError, match="exists already"):
        school.cases.people.persons.change(student, replace(student, student_no="ma-2"), actor=admin())


def test_who_is_deactivated_stands_in_no_roster_keeps_everything_and_comes_back(
    school: SmallSchool, course: Course, student: Student
) -> None:
    hold(school, course, student, Status.PRESENT)
    school.clock.advance(24 * 3600)
    persons, today = school.cases.people.persons, school.cases.core.today()
    persons.set_active(student, False, actor=admin())
    assert isinstance(school.events[-1], GalleryChanged)
    assert student not in school.cases.courses.lists.roster(course.course_id, today)
    person = persons.read(student.student_id, actor=admin())
    assert (person.inactive_from, len(person.history), len(person.courses)) == (today, 1, 1)
    persons.set_active(student, True, actor=admin())
    assert student in school.cases.courses.lists.roster(course.course_id, today)
    assert persons.read(student.student_id, actor=admin()).inactive_from is None


def test_nobody_is_deactivated_while_a_class_of_theirs_is_open(
    school: SmallSchool, course: Course, student: Student
) -> None:
    school.sessions.start(course.course_id, actor=admin(), model="fake")
    with pytest.raises(ConflictError, match="is open"):
        school.cases.people.persons.set_active(student, False, actor=admin())


def test_a_student_is_put_into_a_course_from_a_day_on(school: SmallSchool, student: Student) -> None:
    bio, _others = school.add_course("BIO")
    persons, today = school.cases.people.persons, school.cases.core.today()
    since = today - timedelta(days=7)
    assert persons.register(student, bio, since, actor=admin())
    assert not persons.register(student, bio, today, actor=admin())
    found = {one.course.code: one.since for one in persons.read(student.student_id, actor=admin()).courses}
    assert found == {"BIO": since, "MA": today}


def test_one_picture_is_removed_and_the_others_stay(school: SmallSchool, student: Student) -> None:
    school.enrol(student, 1, pictures=2)
    persons = school.cases.people.persons
    first, second = persons.read(student.student_id, actor=admin()).pictures
    assert persons.open_picture(student.student_id, first.sample_id, actor=admin()) == b"1"
    persons.remove_picture(student, first.sample_id, actor=admin())
    assert persons.read(student.student_id, actor=admin()).pictures == (second,)
    with pytest.raises(NotFoundError, match="not stored any more"):
        persons.remove_picture(student, first.sample_id, actor=admin())
    with pytest.raises(NotFoundError, match="not stored any more"):
        persons.open_picture(student.student_id + 1, second.sample_id, actor=admin())


def test_a_teacher_reads_only_about_students_and_records_of_the_own_courses(
    school: SmallSchool, course: Course, student: Student
) -> None:
    bio, others = school.add_course("BIO")
    persons = school.cases.people.persons
    persons.register(student, bio, school.cases.core.today(), actor=admin())
    hold(school, course, student, Status.ABSENT)
    hold(school, bio, student, Status.PRESENT)
    tom = school.accounts.add(name="Tom", role=Role.TEACHER, password="a long password", actor=admin())
    school.cases.courses.teachers.assign(course, [tom.user_id], actor=admin())
    person = persons.read(student.student_id, actor=Actor.of(tom))
    assert ([one.course.code for one in person.courses], len(person.history)) == (["MA"], 1)
    assert (person.count.absent, person.count.present, person.seen_at) == (1, 0, None)
    with pytest.raises(NotFoundError):
        persons.read(others[0].student_id, actor=Actor.of(tom))
