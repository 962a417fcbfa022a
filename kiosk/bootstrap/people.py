"""Wires people: accounts, PINs with the throttle that both share, and consents. Making it reads nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path

from kiosk.services.app import AttendanceCases, PeopleCases
from kiosk.services.attendance.lesson.lesson_pins import LessonPins
from kiosk.services.attendance.running_class import is_in_network
from kiosk.services.core import Core
from kiosk.services.events import Event
from kiosk.services.people.accounts import Accounts, Throttle
from kiosk.services.people.answer_import import AnswerImports
from kiosk.services.people.consent_letters import ConsentLetters
from kiosk.services.people.consents import FaceConsents
from kiosk.services.people.copied_pins import CopiedPins
from kiosk.services.people.merging import Merging
from kiosk.services.people.notices import Notices
from kiosk.services.people.people_list import PeopleList
from kiosk.services.people.persons import Persons
from kiosk.services.people.pin_slips import PinSlips
from kiosk.services.people.pins import Pins
from kiosk.services.people.receipts import Receipts
from kiosk.services.people.remains import Remains
from kiosk.services.people.staff_courses import StaffCourses
from kiosk.services.people.student_removal import StudentRemoval
from kiosk.services.ports.answers import AnswerFile
from kiosk.services.ports.letters import ConsentLetter, LetterWords
from kiosk.services.ports.outputs import PinSlip
from kiosk.services.ports.receipts import ReceiptSheet
from kiosk.services.school.school_settings import School
from kiosk.services.trust.backups import Backups


def build_people(
    core: Core,
    school: School,
    attendance: AttendanceCases,
    backups: Backups,
    *,
    pepper: bytes,
    secure_url: Callable[[], str],
    shown_url: Callable[[], str],
) -> PeopleCases:
    """Wire it over a store; sign-ins go on with the copy of the class that is open.

    `secure_url` says where phones will come by HTTPS, also while nothing serves here; `shown_url` where they will come at all.
    """
    from kiosk.storage.keys.hashing import Argon2Hasher

    store, clock, hasher = core.store, core.clock, Argon2Hasher(pepper)
    throttle = Throttle(store=store, clock=clock)
    copied = CopiedPins(copy=attendance.copy, store=store, hasher=hasher, clock=clock)
    pins = Pins(store=store, hasher=hasher, clock=clock, throttle=throttle, events=core.events, copied=copied)
    consents = FaceConsents(store=store, clock=clock, events=core.events)
    remains = Remains(
        clock=clock,
        zone=core.zone,
        backups=backups.made,
        copies=lambda: _copies_with_faces(core.directories.data),
    )
    accounts = Accounts(store=store, hasher=hasher, clock=clock, throttle=throttle)
    lesson_pins = LessonPins(store=store, hasher=hasher, clock=clock, school=school, accounts=accounts)
    core.events.subscribe(Event, lesson_pins.on_event)
    return PeopleCases(
        accounts=accounts,
        lesson_pins=lesson_pins,
        staff_courses=StaffCourses(core),
        listing=PeopleList(core),
        persons=Persons(core),
        merging=Merging(core),
        pins=pins,
        slips=PinSlips(
            core,
            pins=pins,
            school=school,
            write=_write_pin_slips,
            address=lambda: _in_network(attendance.running.base_url or shown_url()),
        ),
        consents=consents,
        receipts=Receipts(store=store, school=school, zone=core.zone, write=_write_receipt, remains=remains),
        remains=remains,
        notices=Notices(store=store, clock=clock, zone=core.zone, events=core.events),
        letters=ConsentLetters(
            core,
            consents=consents,
            address=lambda: attendance.running.base_url or secure_url(),
            write=_write_letters,
        ),
        answers=AnswerImports(core, consents=consents, read=_read_answers),
        removal=StudentRemoval(core),
    )


def _read_answers(path: Path) -> AnswerFile:
    from kiosk.reports.people.answer_file import read_answer_file

    return read_answer_file(path)


def _copies_with_faces(data_dir: Path) -> Sequence[str]:
    from kiosk.storage.backup.left_overs import copies_with_faces

    return [path.name for path in copies_with_faces(data_dir)]


def _write_receipt(path: Path, sheet: ReceiptSheet) -> None:
    from kiosk.reports.people.consent_receipt import write_consent_receipt

    write_consent_receipt(path, sheet)


def _in_network(url: str) -> str:
    """An address that phones can reach; empty for one of this PC alone."""
    return url if url and is_in_network(url) else ""


def _write_pin_slips(path: Path, *, title: str, slips: Sequence[PinSlip], address: str) -> None:
    from kiosk.codes.draw import QrCodeDrawer
    from kiosk.reports.people.pin_slips import write_pin_slips

    code = QrCodeDrawer().modules(address.upper()) if address else None
    write_pin_slips(path, title=title, slips=slips, address=address, code=code)


def _write_letters(path: Path, words: LetterWords, letters: Sequence[ConsentLetter]) -> None:
    from kiosk.codes.draw import QrCodeDrawer
    from kiosk.reports.people.consent_letters import write_consent_letters

    code = QrCodeDrawer().modules(words.address) if words.address else None
    write_consent_letters(path, words, letters, code=code)
