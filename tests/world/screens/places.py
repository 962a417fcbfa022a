"""What stands behind the places of the bar: a person's page, a course's page, reports, sessions afterwards."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from kiosk.domain.messages.mail import MailServer
from kiosk.domain.reports.kinds import ReportKind
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.afterwards.add_session import AddSessionDialog
from kiosk.gui.attendance.lesson.summary_view import SummaryView
from kiosk.gui.courses.courses_page import CoursesPage
from kiosk.gui.desk import Desk
from kiosk.gui.messages.mail_server_dialog import MailServerDialog
from kiosk.gui.people.people_page import PeoplePage
from kiosk.gui.people.person.merge_dialog import MergeDialog
from kiosk.gui.people.person.person_page import Tab
from kiosk.gui.people.person.two_versions import TwoVersionsDialog
from kiosk.gui.places import Place
from kiosk.gui.reports.reports_page import ReportsPage
from tests.world.screens.attendance import at_desk
from tests.world.screens.school import School
from tests.world.screens.shot import Screen, settle, wait_until

Arranged = Callable[[School, Desk], None]


def page_of(desk: Desk, place: Place) -> Any:
    """The page of a place, brought to the front, with what it reads."""
    desk.go_to(place)
    settle()
    return desk.pages[place]


def person(tab: Tab) -> Arranged:
    """A student's page."""

    def arrange(set_up: School, desk: Desk) -> None:
        shown: PeoplePage = page_of(desk, Place.PEOPLE)
        shown.open_person(set_up.students[1].student_id)
        settle()
        shown.person.turn(tab)

    return arrange


LONG_NAME: Final = "Maximiliana Wilhelmina Konstantinopoulou-Papadimitriou de Albuquerque e Vasconcelos " * 2


def with_long_name(then: Arranged) -> Arranged:
    """The same where the student has a very long name."""

    def arrange(set_up: School, desk: Desk) -> None:
        student = replace(set_up.students[1], full_name=LONG_NAME.strip())
        set_up.app.core.store.write(lambda repositories: repositories.students.update(student))
        set_up.app.people.listing.forget()
        then(set_up, desk)

    return arrange


def people(_set_up: School, desk: Desk) -> None:
    page_of(desk, Place.PEOPLE)


def people_chosen(_set_up: School, desk: Desk) -> None:
    """Several rows, and what can be done with them."""
    shown: PeoplePage = page_of(desk, Place.PEOPLE)
    shown.list.table.selectAll()


def people_nobody(_set_up: School, desk: Desk) -> None:
    shown: PeoplePage = page_of(desk, Place.PEOPLE)
    shown.list.search.setText("nobody is called that")


def merging(set_up: School, desk: Desk) -> None:
    """Two entries of one person, of whom the one that would stay is inactive, before they are merged."""
    page_of(desk, Place.PEOPLE)
    app, pair = set_up.app, (set_up.students[1].student_id, set_up.students[2].student_id)
    app.attendance.sessions.end(set_up.open_session, actor=Actor.system("Tom Baker"))
    app.people.persons.set_active(set_up.students[1], False, actor=Actor.of(set_up.admin))
    MergeDialog(app.core, app.people, desk._theme, Actor.of(set_up.admin), pair, desk).open()


def two_versions(set_up: School, desk: Desk) -> None:
    """Somebody else was faster with a change to the same person."""
    student = set_up.students[1]
    theirs = replace(student, email="new@school.example", called="Kim")
    TwoVersionsDialog(
        desk._theme,
        desk,
        theirs=theirs,
        mine=replace(theirs, called="Kimi"),
        keep_mine=lambda: None,
        keep_theirs=lambda: None,
    ).open()


def course(tab: int) -> Arranged:
    """A course's page."""

    def arrange(set_up: School, desk: Desk) -> None:
        courses: CoursesPage = page_of(desk, Place.COURSES)
        courses.show_course(set_up.courses[0].course_id, tab=tab)

    return arrange


def year(_set_up: School, desk: Desk) -> None:
    """Terms and holidays."""
    courses: CoursesPage = page_of(desk, Place.COURSES)
    courses.year_button.click()


def new_course(_set_up: School, desk: Desk) -> None:
    courses: CoursesPage = page_of(desk, Place.COURSES)
    courses.new_button.click()


def report(kind: ReportKind) -> Arranged:
    """A report of the first course, or of a student in it."""

    def arrange(set_up: School, desk: Desk) -> None:
        reports: ReportsPage = page_of(desk, Place.REPORTS)
        student = set_up.students[1].student_id if kind is ReportKind.STUDENT else None
        reports.ask(kind, student_id=student)

    return arrange


def warning(set_up: School, desk: Desk) -> None:
    """The text and the recipients of a warning, before it is sent."""
    server = MailServer("mail.school.example", sender="office@school.example")
    set_up.app.messages.servers.change(server, actor=Actor.system("the test"))
    reports: ReportsPage = page_of(desk, Place.REPORTS)
    reports.ask(ReportKind.BELOW_LIMIT)
    wait_until(lambda: not reports.card.warn_button.isHidden())
    reports.card.warn_button.click()
    wait_until(lambda: reports.dialog is not None and reports.dialog.prepared is not None)


def mail_server(set_up: School, desk: Desk) -> None:
    dialog = MailServerDialog(set_up.app.messages, desk._theme, Actor.of(set_up.admin), desk)
    dialog.open()
    wait_until(dialog.host.edit.isEnabled)


def adding_session(set_up: School, desk: Desk) -> None:
    page_of(desk, Place.RECORDS)
    dialog = AddSessionDialog(set_up.app, desk._theme, Actor.of(set_up.admin), desk)
    dialog.open()


def summary(set_up: School, desk: Desk) -> None:
    """How a class went, right after its end."""
    app = set_up.app
    app.attendance.sessions.end(set_up.open_session, actor=Actor.system("Tom Baker"))
    view = SummaryView(app, desk._theme)
    desk.stack.addWidget(view)
    desk.stack.setCurrentWidget(view)
    view.show_class(set_up.open_session, Actor.of(set_up.admin))


SCREENS: Final[dict[str, Screen]] = {
    **{f"person-{tab.name.lower()}": at_desk(person(tab)) for tab in Tab},
    "person-merge": at_desk(merging),
    "person-two-versions": at_desk(two_versions),
    "people-long-name": at_desk(with_long_name(people)),
    "person-long-name": at_desk(with_long_name(person(Tab.DETAILS))),
    "report-long-name": at_desk(with_long_name(report(ReportKind.REGISTER))),
    "people-chosen": at_desk(people_chosen),
    "people-nobody": at_desk(people_nobody),
    **{f"course-{tab}": at_desk(course(tab)) for tab in range(3)},
    "course-new": at_desk(new_course),
    "year": at_desk(year),
    **{f"report-{kind.value}": at_desk(report(kind)) for kind in ReportKind},
    "report-warning": at_desk(warning),
    "mail-server": at_desk(mail_server),
    "session-add": at_desk(adding_session),
    "summary": at_desk(summary),
}
