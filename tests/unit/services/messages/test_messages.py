"""Warnings to students below the limit: who gets one, what is written down, and what stops it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy, Status
from kiosk.domain.courses.courses import Course
from kiosk.domain.messages.mail import MailMessage, MailServer, Recipient, SendingOutcome, StudentContact
from kiosk.domain.messages.warnings import WarningText
from kiosk.domain.people.staff import Role
from kiosk.domain.people.students import Student
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, ForbiddenError
from kiosk.services.messages.messages import Warnings
from kiosk.services.ports.mail import (
    AddressRefusedError,
    MailServerError,
    NoAnswerError,
    ServerRefusedError,
)
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

ANNA = admin("Anna")
SERVER = MailServer(
    host="mail.school.example", sender="office@school.example", user="office", password="hush"
)
QUESTION = ReportQuestion(ReportKind.BELOW_LIMIT)


@dataclass
class Post:
    """`Mailer` that keeps what it is given, and refuses as told."""

    sent: list[MailMessage] = field(default_factory=list)
    servers: list[MailServer] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    breaks_after: int | None = None
    is_away: bool = False
    error: MailServerError = field(
        default_factory=lambda: MailServerError("The mail server does not answer.")
    )

    @contextmanager
    def __call__(self, server: MailServer) -> "Iterator[Post]":
        if self.is_away:
            raise MailServerError("The mail server does not answer.")
        self.servers.append(server)
        yield self

    def send(self, message: MailMessage) -> None:
        if message.to in self.refused:
            raise AddressRefusedError("It does not take the address.", "no such person")
        if self.breaks_after == len(self.sent):
            raise self.error
        self.sent.append(message)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def warnings(school: SmallSchool, post: Post) -> Warnings:
    cases = school.cases
    cases.messages.servers.change(SERVER, actor=ANNA)
    return Warnings(
        cases.core,
        reports=cases.reports.shown,
        school=school.school,
        servers=cases.messages.servers,
        mailer=post,
    )


@pytest.fixture
def course(school: SmallSchool) -> Course:
    return school.add_course(students=0)[0]


def absent(school: SmallSchool, course: Course, number: str, email: str | None) -> Student:
    """A student of the course who missed its only class."""
    now = school.clock.now()

    def work(repositories: Repositories) -> Student:
        student = repositories.students.add(student_no=number, full_name=f"Student {number}", email=email)
        repositories.courses.register(course.course_id, student.student_id, now.date())
        session = repositories.class_sessions.add(
            course_id=course.course_id,
            started_at=now,
            late_after=timedelta(minutes=10),
            policy=ProofPolicy.EITHER,
            liveness=LivenessMode.OFF,
            started_by="Tom",
            model="fake",
            code_key=bytes(32),
        )
        repositories.class_sessions.end(session.session_id, now)
        repositories.records.add(
            session_id=session.session_id,
            student_id=student.student_id,
            status=Status.ABSENT,
            method=None,
            marked_at=now,
            evidence=(),
        )
        return student

    return school.store.write(work)


def logged(school: SmallSchool, student: Student) -> list[tuple[str, SendingOutcome]]:
    _contact, messages = school.cases.messages.contacts.of_student(student.student_id, actor=ANNA)
    return [(one.to, one.outcome) for one in messages]


def test_students_and_guardians_with_an_address_are_written_to_and_the_log_says_so(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    zoe = absent(school, course, "S1", "zoe@school.example")
    school.cases.messages.contacts.change(
        StudentContact(zoe.student_id), guardian_email="mum@home.example", stopped=False, actor=ANNA
    )
    silent = absent(school, course, "S2", None)
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    assert [(one.address, one.recipient) for one in prepared.addressees] == [
        ("zoe@school.example", Recipient.STUDENT),
        ("mum@home.example", Recipient.GUARDIAN),
    ]
    assert [(one.student, one.why) for one in prepared.left_out] == [(silent, "has no e-mail address")]

    report = warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert (report.sent, report.refused, report.left) == (2, [], 0)
    assert post.servers == [SERVER]
    first = post.sent[0]
    assert first.subject == "Attendance of Student S1 in CS 101 · Title of CS 101"
    assert "0 of 1 classes" in first.text
    assert "at least 75 %" in first.text
    assert "STOP" in first.text
    assert set(logged(school, zoe)) == {
        ("zoe@school.example", SendingOutcome.SENT),
        ("mum@home.example", SendingOutcome.SENT),
    }
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    assert ("Anna", "messages.sent", "2 messages") in [
        (one.actor, one.action, one.subject) for one in entries
    ]
    below = school.cases.reports.shown.below_limit(QUESTION, actor=ANNA)
    contact = next(one.last_contact for one in below.students if one.student == zoe)
    assert contact is not None
    assert contact.at == school.clock.now()


def test_a_message_leads_nowhere_that_a_mail_scanner_could_stop_it(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    absent(school, course, "S1", "zoe@school.example")
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    # A STOP is an answer that a person reads: what fetches links ahead of people finds none.
    assert "://" not in post.sent[0].text
    assert "Answer STOP" in post.sent[0].text


def test_nobody_is_written_to_twice_within_the_schools_days(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    absent(school, course, "S1", "zoe@school.example")
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    # Somebody else had the same list open, and sends it a moment later.
    again = warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert (again.sent, [one.why for one in again.passed_over]) == (0, ["had this message meanwhile"])
    assert [one.why for one in warnings.prepare(QUESTION, actor=ANNA).left_out] == ["was written to lately"]
    school.clock.advance(timedelta(days=30, hours=1).total_seconds())
    assert len(warnings.prepare(QUESTION, actor=ANNA).addressees) == 1
    assert len(post.sent) == 1


def test_who_said_stop_gets_nothing_until_it_is_taken_back(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    zoe = absent(school, course, "S1", "zoe@school.example")
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    contacts = school.cases.messages.contacts
    stopped = contacts.change(StudentContact(zoe.student_id), guardian_email="", stopped=True, actor=ANNA)
    report = warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert [(one.student, one.why) for one in report.passed_over] == [(zoe, "wants no messages")]
    assert [one.why for one in warnings.prepare(QUESTION, actor=ANNA).left_out] == ["wants no messages"]
    contacts.change(stopped, guardian_email="", stopped=False, actor=ANNA)
    assert len(warnings.prepare(QUESTION, actor=ANNA).addressees) == 1
    assert post.sent == []
    actions = [one.action for one in school.store.read(lambda repositories: repositories.audit.entries())]
    assert {"messages.stopped", "messages.allowed"} <= set(actions)


def test_a_refused_address_is_named_and_the_others_are_sent(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    gone = absent(school, course, "S1", "gone@school.example")
    absent(school, course, "S2", "zoe@school.example")
    post.refused.add("gone@school.example")
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    report = warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert report.sent == 1
    assert report.refused == [("gone@school.example", "It does not take the address. no such person")]
    assert logged(school, gone) == [("gone@school.example", SendingOutcome.REFUSED)]
    # What the server refused was not received, so it may be tried again at once.
    assert [one.address for one in warnings.prepare(QUESTION, actor=ANNA).addressees] == [
        "gone@school.example"
    ]


def test_a_server_that_goes_away_stops_the_rest_and_says_how_many_are_left(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    for number in range(4):
        absent(school, course, f"S{number}", f"s{number}@school.example")
    post.breaks_after = 2
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    report = warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert (report.sent, report.left) == (2, 2)
    assert report.stopped_by is not None
    assert len(warnings.prepare(QUESTION, actor=ANNA).addressees) == 2


def test_a_message_without_an_answer_is_not_sent_again_by_itself_but_where_somebody_says_so(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    people = [absent(school, course, f"S{number}", f"s{number}@school.example") for number in range(3)]
    post.breaks_after, post.error = 1, NoAnswerError("It went away.")
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    report = warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert (report.sent, report.unknown, report.left) == (1, ["s1@school.example"], 1)
    assert logged(school, people[1]) == [("s1@school.example", SendingOutcome.SENDING)]

    # Who had the list open sends nothing to that address again.
    post.breaks_after = None
    again = warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert (again.sent, [one.student for one in again.passed_over]) == (1, people[:2])
    offered = warnings.prepare(QUESTION, actor=ANNA).addressees
    assert [(one.address, one.doubtful_since) for one in offered] == [
        ("s1@school.example", school.clock.now())
    ]
    chosen = warnings.send(prepared.text, offered, actor=ANNA)
    assert (chosen.sent, chosen.passed_over) == (1, [])
    assert warnings.prepare(QUESTION, actor=ANNA).addressees == ()


@pytest.mark.parametrize(("error", "outcomes"), [(MailServerError, []), (ServerRefusedError, ["refused"])])
def test_only_what_the_server_refused_stands_in_the_log_as_refused(
    school: SmallSchool,
    course: Course,
    warnings: Warnings,
    post: Post,
    error: type[MailServerError],
    outcomes: list[str],
) -> None:
    zoe = absent(school, course, "S1", "zoe@school.example")
    post.breaks_after, post.error = 0, error("No.")
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    report = warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert (report.sent, report.left) == (0, 1)
    assert [outcome.value for _to, outcome in logged(school, zoe)] == outcomes
    assert len(warnings.prepare(QUESTION, actor=ANNA).addressees) == 1


def test_one_address_in_two_spellings_is_written_to_once(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    zoe = absent(school, course, "S1", "Zoe@School.example")
    contacts = school.cases.messages.contacts
    known = contacts.change(
        StudentContact(zoe.student_id), guardian_email="zoe@school.EXAMPLE", stopped=False, actor=ANNA
    )
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    assert [one.address for one in prepared.addressees] == ["Zoe@School.example"]
    warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    contacts.change(known, guardian_email="ZOE@school.example", stopped=False, actor=ANNA)
    assert [one.why for one in warnings.prepare(QUESTION, actor=ANNA).left_out] == ["was written to lately"]
    assert len(post.sent) == 1


def test_the_guardian_who_was_not_reached_is_offered_though_the_student_was(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    zoe = absent(school, course, "S1", "zoe@school.example")
    school.cases.messages.contacts.change(
        StudentContact(zoe.student_id), guardian_email="mum@home.example", stopped=False, actor=ANNA
    )
    post.breaks_after = 1
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert [one.address for one in warnings.prepare(QUESTION, actor=ANNA).addressees] == ["mum@home.example"]


CHANGES: dict[str, Callable[[SmallSchool, Course, Student, Student], object]] = {
    "is not in the list any more": lambda school, _course, zoe, _other: school.cases.people.removal.remove(
        zoe, actor=ANNA
    ),
    "is inactive": lambda school, _course, zoe, _other: school.cases.people.persons.set_active(
        zoe, False, actor=ANNA
    ),
    "the course is archived": lambda school, course, _zoe, _other: school.store.write(
        lambda it: it.courses.set_archived(course.course_id, school.clock.now())
    ),
    "has another address by now": lambda school, _course, zoe, _other: school.cases.people.persons.change(
        zoe, replace(zoe, email="new@school.example"), actor=ANNA
    ),
    "wants no messages": lambda school, _course, zoe, _other: school.cases.messages.contacts.change(
        StudentContact(zoe.student_id), guardian_email="", stopped=True, actor=ANNA
    ),
    "is not in the list any more ": lambda school, _course, zoe, other: school.cases.people.merging.merge(
        other.student_id, zoe.student_id, actor=ANNA
    ),
}


@pytest.mark.parametrize("why", CHANGES)
def test_who_changed_after_the_look_gets_nothing_and_is_named(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post, why: str
) -> None:
    zoe = absent(school, course, "S1", "zoe@school.example")
    other = school.add_course("ART", students=1)[1][0]
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    CHANGES[why](school, course, zoe, other)
    report = warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert [(one.student.full_name, one.why) for one in report.passed_over] == [("Student S1", why.strip())]
    assert post.sent == []


def test_nobody_is_warned_who_is_inactive_or_about_a_course_that_is_archived(
    school: SmallSchool, course: Course, warnings: Warnings
) -> None:
    zoe = absent(school, course, "S1", "zoe@school.example")
    absent(school, school.add_course("ART", students=0)[0], "S2", "ann@school.example")
    school.cases.people.persons.set_active(zoe, False, actor=ANNA)
    assert [one.address for one in warnings.prepare(QUESTION, actor=ANNA).addressees] == [
        "ann@school.example"
    ]
    art = next(one for one in school.cases.courses.lists.courses() if one.code == "ART")
    school.store.write(lambda it: it.courses.set_archived(art.course_id, school.clock.now()))
    assert warnings.prepare(QUESTION, actor=ANNA).addressees == ()
    asked = warnings.prepare(replace(QUESTION, course_id=art.course_id), actor=ANNA)
    assert (asked.addressees, [one.why for one in asked.left_out]) == ((), ["the course is archived"])


def test_a_server_that_does_not_answer_sends_and_writes_nothing(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    zoe = absent(school, course, "S1", "zoe@school.example")
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    post.is_away = True
    with pytest.raises(MailServerError):
        warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    assert logged(school, zoe) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WarningText("Hello", "Dear {nmae}"), "“nmae”"),
        (WarningText("Hello", "Dear {"), "stands alone"),
        (WarningText(" ", "Dear"), "no subject"),
        (WarningText("Hello {0}", "Dear"), "“0”"),
    ],
)
def test_a_text_that_cannot_be_filled_in_is_sent_to_nobody(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post, text: WarningText, said: str
) -> None:
    absent(school, course, "S1", "zoe@school.example")
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    with pytest.raises(ConflictError, match=said):
        warnings.send(text, prepared.addressees, actor=ANNA)
    assert post.sent == []


def test_a_school_without_a_mail_server_says_where_to_set_one(
    school: SmallSchool, warnings: Warnings
) -> None:
    school.cases.messages.servers.change(MailServer(), actor=ANNA)
    with pytest.raises(ConflictError, match="no mail server"):
        warnings.prepare(QUESTION, actor=ANNA)


def test_teachers_write_to_students_of_their_own_courses_alone(
    school: SmallSchool, course: Course, warnings: Warnings, post: Post
) -> None:
    absent(school, course, "S1", "zoe@school.example")
    other = school.add_course("ART", students=0)[0]
    absent(school, other, "S2", "ann@school.example")
    tom = school.accounts.add(name="Tom", role=Role.TEACHER, password="a long password", actor=ANNA)
    with pytest.raises(ForbiddenError):
        warnings.prepare(QUESTION, actor=Actor.of(tom))
    school.cases.courses.teachers.assign(course, [tom.user_id], actor=ANNA)
    prepared = warnings.prepare(QUESTION, actor=Actor.of(tom))
    assert [one.address for one in prepared.addressees] == ["zoe@school.example"]
    everybody = warnings.prepare(QUESTION, actor=ANNA)
    with pytest.raises(ForbiddenError, match="somebody else"):
        warnings.send(everybody.text, everybody.addressees, actor=Actor.of(tom))
    assert post.sent == []


def test_the_password_is_kept_sealed_and_stays_out_of_the_log(school: SmallSchool) -> None:
    servers = school.cases.messages.servers
    servers.change(SERVER, actor=ANNA)
    assert servers.server() == SERVER
    texts = school.store.read(lambda repositories: repositories.school_settings.all())
    assert "hush" not in str(texts)
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    assert "hush" not in str(entries)
    assert entries[0].action == "mail.server" or any(one.action == "mail.server" for one in entries)
    servers.change(replace(SERVER, host=""), actor=ANNA)
    assert servers.server() == MailServer()
    assert not servers.is_set


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (replace(SERVER, port=0), "port"),
        (replace(SERVER, host="mail school"), "blank"),
        (replace(SERVER, sender="office"), "“office”"),
    ],
)
def test_a_server_that_cannot_be_is_refused(school: SmallSchool, server: MailServer, said: str) -> None:
    with pytest.raises(ConflictError, match=said):
        school.cases.messages.servers.change(server, actor=ANNA)


def test_an_address_that_is_none_is_refused_and_a_removed_student_leaves_no_message(
    school: SmallSchool, course: Course, warnings: Warnings
) -> None:
    zoe = absent(school, course, "S1", "zoe@school.example")
    contacts = school.cases.messages.contacts
    with pytest.raises(ConflictError, match="“mum”"):
        contacts.change(StudentContact(zoe.student_id), guardian_email="mum", stopped=False, actor=ANNA)
    contacts.change(
        StudentContact(zoe.student_id), guardian_email="mum@home.example", stopped=False, actor=ANNA
    )
    prepared = warnings.prepare(QUESTION, actor=ANNA)
    warnings.send(prepared.text, prepared.addressees, actor=ANNA)
    school.cases.people.removal.remove(zoe, actor=ANNA)
    contact, messages = contacts.of_student(zoe.student_id, actor=ANNA)
    assert (contact.guardian_email, messages) == ("", [])


def test_the_log_is_newest_first(school: SmallSchool, course: Course, warnings: Warnings) -> None:
    zoe = absent(school, course, "S1", "zoe@school.example")
    times: list[datetime] = []
    for _round in range(2):
        prepared = warnings.prepare(QUESTION, actor=ANNA)
        warnings.send(prepared.text, prepared.addressees, actor=ANNA)
        times.append(school.clock.now())
        school.clock.advance(timedelta(days=31).total_seconds())
    _contact, messages = school.cases.messages.contacts.of_student(zoe.student_id, actor=ANNA)
    assert [one.at for one in messages] == times[::-1]
