"""A data directory that version 0.1.0 wrote opens unchanged; ``tests/data/README.md`` says what it holds."""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.bootstrap import Kiosk
from kiosk.demo.cast import portrait, walking_pose
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.faces.recognition import BUILTIN_MODEL, Template
from kiosk.domain.faces.samples import FaceSample
from kiosk.domain.people.staff import Role
from kiosk.domain.records.objections import ObjectionOutcome
from kiosk.domain.trust.api_tokens import Scope, TokenState
from kiosk.errors import SignInError
from kiosk.settings import SETTINGS_FILE, SchoolRules, Theme
from kiosk.storage.backup import backing_up as backup
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.repositories.repositories import Repositories
from kiosk.vision.pictures import read_picture
from tests.fakes.actors import admin
from tests.fakes.steered_clock import SteeredClock
from tests.world.kiosk import build_kiosk

ARCHIVE = Path(__file__).parents[1] / "data" / "version_0_1.tar.gz"
CLOSED_AT = datetime(2026, 11, 25, 8, 5, tzinfo=UTC)
PASSPHRASE = "X2TCD-WKPHC-Y0QC8-TTBEV-RM20E-3XQNP"
TOKEN = "kiosk-1-Jg0tIewf1DMcrgIAqXd42b49DreF8WlxduFO37iRyX0"
REVOKED = "kiosk-2-a9BaIa3Xb7e7Vvg2feH0cy4fLaELHmyL6dlKRkjYSa8"

ANITA, BEN, CLARA, CLEA, EMIL, FARAH, HANA, GUL = range(1, 9)
"""Keys in the store."""

RECORDS = {
    1: {
        ANITA: ("present", "face", 1),
        BEN: ("present", "phone", 1),
        CLARA: ("late", "pass", 1),
        CLEA: ("excused", "manual", 1),
        EMIL: ("present", "manual", 1),
        FARAH: ("late", "manual", 2),
        HANA: ("absent", None, 1),
    },
    2: {
        ANITA: ("present", "face", 1),
        BEN: ("absent", None, 2),
        **dict.fromkeys((CLARA, CLEA, EMIL, FARAH, HANA), ("absent", None, 1)),
    },
    3: {FARAH: ("present", "manual", 1), GUL: ("absent", None, 2)},
}
"""By session and student: status, method and version."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with tarfile.open(ARCHIVE) as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def at_closing_time(clock: SteeredClock) -> SteeredClock:
    """A minute after the kiosk was closed: the open class was not forgotten, and nothing is old enough to go."""
    clock.advance((CLOSED_AT - clock.now()).total_seconds())
    return clock


@pytest.fixture
def kiosk(archive: Path, models_dir: Path, at_closing_time: SteeredClock) -> Iterator[Kiosk]:
    with opened(archive / "data", models_dir) as found:
        yield found


@contextmanager
def opened(data_dir: Path, models_dir: Path) -> Iterator[Kiosk]:
    found = build_kiosk(data_dir, models_dir=models_dir)
    found.start()
    try:
        yield found
    finally:
        assert found.stop() == ()


def records_of(kiosk: Kiosk, session_id: int) -> dict[int, AttendanceRecord]:
    found = kiosk.app.core.store.read(lambda repositories: repositories.records.of_session(session_id))
    return {record.student_id: record for record in found}


def enrolled(kiosk: Kiosk) -> dict[int, int]:
    """How many pictures each student has, all of which decrypt to a picture with a template."""
    counts = {student_id: pictures_of(kiosk, student_id) for student_id in range(ANITA, GUL + 1)}
    return {student_id: count for student_id, count in counts.items() if count}


def pictures_of(kiosk: Kiosk, student_id: int) -> int:
    def query(repositories: Repositories) -> tuple[list[FaceSample], list[Template]]:
        faces = repositories.faces
        return faces.samples(student_id), faces.templates([student_id], BUILTIN_MODEL)

    samples, templates = kiosk.app.core.store.read(query)
    assert all(min(read_picture(one.picture).shape[:2]) > 50 for one in samples)
    assert all(one.vector.shape == (128,) for one in templates)
    assert len(templates) == len(samples)
    return len(samples)


def test_settings_of_the_pc_and_rules_of_the_school_are_what_they_were(kiosk: Kiosk) -> None:
    settings = kiosk.app.core.settings

    assert (settings.camera.source, settings.camera.mirror) == ("1", False)
    assert (settings.recognition.frames, settings.recognition.min_face_px) == (4, 90)
    assert (settings.code.rotation_s, settings.web.port) == (20, 8090)
    assert settings.web.allowed_subnets == "10.20.0.0/16"
    assert (settings.look.theme, settings.look.sounds) == (Theme.DARK, False)
    assert kiosk.app.trust.recovery_passphrase is None
    assert kiosk.app.school.shared.rules() == SchoolRules(
        school_name="Lindenschule",
        time_zone="Europe/Berlin",
        late_after_min=7,
        spot_check_share=40,
        faces_kept_months=9,
        same_address_hint=True,
    )


def test_saved_settings_keep_the_comments_of_a_person(kiosk: Kiosk, archive: Path) -> None:
    kiosk.app.school.settings.change(kiosk.app.core.settings, actor=admin())

    text = (archive / "data" / SETTINGS_FILE).read_text(encoding="utf-8")
    assert "# The kiosk beside the door of room 4.12" in text
    assert 'source = "1" # the one on the shelf' in text


def test_people_sign_in_with_their_passwords_and_pins(kiosk: Kiosk) -> None:
    accounts, pins = kiosk.app.people.accounts, kiosk.app.people.pins

    assert accounts.sign_in("Ada Admin", "ada-opens-the-school").role is Role.ADMIN
    assert accounts.sign_in("Tom Teacher", "tom-takes-the-roll").role is Role.TEACHER
    assert pins.sign_in("S1001", "694148").full_name == "Anita Rao"
    assert pins.sign_in("S1005", "090651").full_name == "Emil Núñez"
    with pytest.raises(SignInError):
        accounts.sign_in("Greta Gone", "greta-was-here-once")
    with pytest.raises(SignInError):
        pins.sign_in("S1002", "694148")


def test_rosters_are_what_they_were(kiosk: Kiosk) -> None:
    people = kiosk.app.courses.lists
    algorithms, analysis = people.course("CS 101"), people.course("MA 2")

    assert (algorithms.title, algorithms.room, analysis.title) == ("Algorithms", "4.12", "Analysis")
    before, after = date(2026, 11, 20), date(2026, 11, 21)
    # By family name, which rosters were not sorted by in that version.
    assert [(one.student_no, one.full_name) for one in people.roster(analysis.course_id, before)] == [
        ("S1006", "Farah Ali"),
        ("S1008", "Hana Kim"),
        ("S1001", "Anita Rao"),
        ("S1007", "Gül Şahin"),
    ]
    assert [one.student_no for one in people.roster(analysis.course_id, after)] == ["S1006", "S1001", "S1007"]
    assert people.student("S1003").email == "s1003@school.example"


def test_records_of_each_session_are_what_they_were(kiosk: Kiosk) -> None:
    sessions = kiosk.app.attendance.sessions

    for session_id, expected in RECORDS.items():
        found = records_of(kiosk, session_id).items()
        assert {student: (one.status, one.method, one.version) for student, one in found} == expected

    monday, wednesday = sessions.session(1), sessions.session(3)
    assert (monday.ended_at, monday.headcount) == (datetime(2026, 11, 23, 8, 45, tzinfo=UTC), 5)
    assert (wednesday.is_open, wednesday.policy, wednesday.model) == (True, ProofPolicy.BOTH, BUILTIN_MODEL)
    assert records_of(kiosk, 1)[ANITA].evidence[0].distance == pytest.approx(0.312)
    assert records_of(kiosk, 1)[BEN].evidence[0].address == "10.20.4.21"
    (corrected,) = sessions.history(records_of(kiosk, 1)[FARAH].record_id, actor=admin())
    assert (corrected.before.status, corrected.before.method, corrected.reason) == (
        "present",
        "phone",
        "came after the bell",
    )
    assert records_of(kiosk, 3)[GUL].is_taken_back
    assert records_of(kiosk, 2)[BEN].evidence[-1].reason == "it was somebody else's face"


def test_what_a_teacher_should_know_is_still_there(kiosk: Kiosk) -> None:
    app = kiosk.app

    assert {
        one.kind: (one.student_id, one.times) for one in app.attendance.incidents.of_session(1, actor=admin())
    } == {
        IncidentKind.SECOND_DEVICE_REFUSED: (EMIL, 1),
        IncidentKind.SAME_ADDRESS: (FARAH, 1),
        IncidentKind.EXPIRED_CODES: (None, 5),
    }
    assert [one.liveness for one in app.attendance.attacks.of_session(1, actor=admin())] == [0.08]
    uses = app.core.store.read(lambda repositories: repositories.devices.of_address(1, "10.20.4.21"))
    assert {one.student_id for one in uses} == {BEN, FARAH}
    (waiting,) = app.records.objections.waiting(1, actor=admin())
    assert (waiting.student.student_id, waiting.objection.reason) == (FARAH, "The clock was wrong")
    (answered,) = app.records.objections.own(HANA, records_of(kiosk, 1)[HANA].record_id).said
    assert (answered.outcome, answered.answer) == (ObjectionOutcome.KEPT, "Nobody saw you")
    (scan,) = app.attendance.claims.waiting(3, actor=admin()).values()
    assert (scan.student.student_id, scan.claim.awaits, scan.is_good) == (ANITA, Awaited.FACE, True)


def test_open_class_goes_on_and_ends(kiosk: Kiosk) -> None:
    sessions = kiosk.app.attendance.sessions

    assert [one.course.code for one in sessions.today() if one.open_session is not None] == ["MA 2"]
    ended = sessions.end(3, actor=admin("Tom Teacher"))

    absent = {student for student, record in records_of(kiosk, 3).items() if record.status == "absent"}
    assert ANITA in absent
    assert (ended.absent, len(absent)) == (2, 2)  # the other one was marked so by hand before


def test_consents_and_pairs_are_what_they_were(kiosk: Kiosk) -> None:
    words = {
        one.student.student_id: one.consents for one in kiosk.app.people.consents.overview(actor=admin())
    }
    pairs = {one.pair.origin: one.pair for one in kiosk.app.faces.lookalikes.listed(actor=admin())}

    assert {student for student, given in words.items() if given} == {ANITA, BEN, CLARA, CLEA}
    for withdrawn in (EMIL, HANA):
        word = kiosk.app.people.consents.newest(withdrawn)
        assert word is not None
        assert not word.given
    twins, veto = pairs[PairOrigin.LOOKALIKE], pairs[PairOrigin.CORRECTION]
    assert (twins.student_id, twins.other_id, twins.same_person) == (CLARA, CLEA, True)
    assert (veto.student_id, veto.other_id, veto.is_lifted) == (BEN, None, False)


def test_pictures_and_templates_decrypt_with_the_school_key(kiosk: Kiosk) -> None:
    assert enrolled(kiosk) == {ANITA: 2, BEN: 1, CLARA: 1, CLEA: 1}


def test_person_enrolled_then_is_recognised_once_the_pictures_are_measured_anew(kiosk: Kiosk) -> None:
    """The built-in model was fed in another way then: what was calibrated for that does not count any more."""
    app = kiosk.app
    assert kiosk.changes.run(BUILTIN_MODEL, actor=admin("the test")).complete
    in_use = app.faces.calibrating.in_use()
    course = app.courses.lists.course("CS 101")
    recognition = kiosk.faces.galleries.load(course.course_id, on=app.core.today(), model=in_use.model)
    person = pool()[0]
    picture = portrait(person, walking_pose(person, 3))
    match = recognition.gallery.search(app.faces.enrolments.build().shots.take(picture, b"camera").vector)

    assert recognition.thresholds == in_use.model.thresholds_for(recognition.gallery.people)
    assert BEN in recognition.second_factor
    assert match is not None
    assert match.student_id == ANITA
    assert match.distance <= recognition.thresholds.accept


def test_token_of_another_program_still_opens_and_a_revoked_one_does_not(kiosk: Kiosk) -> None:
    tokens = kiosk.app.trust.api_tokens

    assert tokens.check(TOKEN).scopes == {Scope.COURSES_READ, Scope.RECORDS_READ}
    with pytest.raises(SignInError):
        tokens.check(REVOKED)
    assert {one.name: tokens.state(one) for one in tokens.all(actor=admin())} == {
        "Timetable": TokenState.GOOD,
        "Old export": TokenState.REVOKED,
    }


def test_log_is_whole_and_goes_on(kiosk: Kiosk) -> None:
    app = kiosk.app
    before = app.core.store.read(lambda repositories: repositories.audit.entries())
    broken = app.trust.audit.verify(actor=admin())
    app.school.shared.change_rules(SchoolRules(school_name="Lindenschule"), actor=admin("Ada Admin"))

    assert len(before) == 55
    assert {"consent.withdrawn", "face.pair_found", "thresholds.changed", "token.revoked"} <= {
        one.action for one in before
    }
    assert broken is None
    assert app.trust.audit.verify(actor=admin()) is None


def test_backup_brings_everything_back_but_a_face_that_was_withdrawn_since(
    archive: Path, models_dir: Path, at_closing_time: SteeredClock
) -> None:
    kept = backup.restore(archive / "backup.kiosk", archive / "data").kept

    assert kept is not None
    with opened(archive / "data", models_dir) as kiosk:
        assert enrolled(kiosk) == {ANITA: 2, BEN: 1, CLARA: 1, CLEA: 1}
        assert (
            len(kiosk.app.attendance.sessions.of_course(kiosk.app.courses.lists.course("CS 101").course_id))
            == 2
        )
        assert kiosk.app.attendance.sessions.of_course(kiosk.app.courses.lists.course("MA 2").course_id) == []
        assert kiosk.app.trust.audit.verify(actor=admin()) is None


def test_backup_and_the_recovery_passphrase_bring_faces_to_another_pc(
    archive: Path, models_dir: Path, at_closing_time: SteeredClock
) -> None:
    other = archive / "other"
    assert backup.restore(archive / "backup.kiosk", other).kept is None
    KeyRing.recover(other, PASSPHRASE)

    with opened(other, models_dir) as kiosk:
        assert enrolled(kiosk) == {ANITA: 2, BEN: 1, CLARA: 1, CLEA: 1, EMIL: 1}
        assert kiosk.app.people.accounts.sign_in("Tom Teacher", "tom-takes-the-roll").role is Role.TEACHER
