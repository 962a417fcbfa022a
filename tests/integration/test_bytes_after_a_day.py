"""What stands on the disk after a day of use: no secret, no bare face, and nothing of who was deleted.

The day is held with the kiosk's own parts: two classes, phones over HTTP, wrong tries, enrolment, a withdrawal, a deletion, imports,
exports, backups and a restore. Then each byte of each file is looked at, and what is sealed in the kiosk's backups is opened first.
"""

import logging
import re
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest

from kiosk import bootstrap
from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import ProofPolicy, Status
from kiosk.domain.faces.recognition import Template
from kiosk.domain.faces.samples import FaceSample
from kiosk.domain.people.consents import STUDENT
from kiosk.domain.people.staff import Role
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import Days
from kiosk.domain.trust.api_tokens import Scope
from kiosk.domain.trust.backups import Origin
from kiosk.errors import KioskError
from kiosk.services.trust.backup_rounds import BackupRounds
from kiosk.settings import KioskSettings, WebSettings
from kiosk.storage.backup import backing_up as backup
from kiosk.storage.backup.restoring import unpacked, unwatched
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.repositories.faces import StoredFaces
from tests.fakes.actors import admin
from tests.fakes.phones.page_form import form
from tests.world.kiosk import build_kiosk

pytestmark = pytest.mark.logs_warnings  # wrong tries, and no camera

PASSWORD, WRONG_PASSWORD, TYPED_AS_NAME = (
    "plum tree bicycle",
    "plum tree tricycle",
    "I typed my passw0rd here",
)
WRONG_PIN, WRONG_NUMBER, WRONG_CODE = "zq-no-pin", "zq-no-number", "ZQNOCODE"
ACTOR = admin("Ada")
GONE_NAME, GONE_NO, GONE_MAIL = "Zebedee Quillfeather", "DEL-90917", "zebedee@quill.example"


@dataclass
class Secrets:
    """What must not be found, by what it is."""

    texts: dict[str, str] = field(default_factory=dict)
    blobs: list[bytes] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)

    def found_in(self, content: bytes) -> list[str]:
        found = [what for what, text in self.texts.items() if text.encode() in content]
        found += ["a template or picture"] * any(blob in content for blob in self.blobs)
        found += ["a picture"] * (b"\xff\xd8\xff\xe0" in content or b"JFIF" in content)
        # The digits after a point are those of a moment.
        pins = (rb"(?<![0-9.])" + pin.encode() + rb"(?![0-9])" for pin in self.pins)
        return found + ["a PIN"] * any(re.search(pin, content) for pin in pins)


class Day:
    """One kiosk and everything that is done with it."""

    def __init__(self, tmp_path: Path, models_dir: Path, secrets: Secrets) -> None:
        self.data_dir, self.outside = tmp_path / "data", tmp_path / "outside"
        self.models_dir, self.secrets = models_dir, secrets
        self.outside.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.web = WebSettings(host="127.0.0.1", address="127.0.0.1", port=free.getsockname()[1])

    @contextmanager
    def kiosk(self) -> Iterator[bootstrap.Kiosk]:
        kiosk = build_kiosk(
            self.data_dir,
            models_dir=self.models_dir,
            settings=KioskSettings(web=self.web),
            with_web=True,
        )
        kiosk.start()
        try:
            yield kiosk
        finally:
            kiosk.stop()

    def begin(self, kiosk: bootstrap.Kiosk) -> list[Student]:
        """Accounts, a class list, a new passphrase, a token, PINs and pictures."""
        app = kiosk.app
        listed = self.outside / "list.csv"
        listed.write_text(
            "student_no,full_name,email\n"
            f"S1,Anna Berg,anna@berg.example\nS2,Ben Cole,\n{GONE_NO},{GONE_NAME},{GONE_MAIL}\n"
        )
        app.courses.lists.import_roster(listed, course_code="CS 1", since=app.core.today(), actor=ACTOR)
        app.people.accounts.add(name="Ada", role=Role.ADMIN, password=PASSWORD, actor=ACTOR)
        for name, password in (("Ada", WRONG_PASSWORD), (TYPED_AS_NAME, WRONG_PASSWORD), ("Ada", PASSWORD)):
            with suppress(KioskError):
                app.people.accounts.sign_in(name, password)
        passphrase = app.trust.recovery.draw("", actor=ACTOR)
        app.trust.recovery.use(passphrase, actor=ACTOR)
        token = app.trust.api_tokens.make(name="it", scopes=[Scope.COURSES_READ], actor=ACTOR)
        self.secrets.texts |= {
            "the recovery passphrase": passphrase,
            "a group of the passphrase": passphrase[:11],
            "an API token": token.text,
            "a password": PASSWORD,
            "a wrong password": WRONG_PASSWORD,
            "what was typed as a name": TYPED_AS_NAME,
            "a wrong PIN": WRONG_PIN,
            "a wrong number": WRONG_NUMBER,
            "a wrong code": WRONG_CODE,
        }
        course = app.courses.lists.course("CS 1")
        slips, keep = app.people.pins.prepare(course.course_id, on=app.core.today(), actor=ACTOR)
        keep()
        self.secrets.pins += [slip.pin for slip in slips]
        enrolment = app.faces.enrolments.build()
        for student, person in zip(app.courses.lists.students(), pool(), strict=False):
            app.people.consents.record(student.student_id, given=True, actor=ACTOR, answerer=STUDENT)
            for picture in enrolment_pictures(person)[:2]:
                _ok, data = cv2.imencode(".jpg", picture)
                enrolment.enrol_picture(student.student_id, data.tobytes(), actor=ACTOR)
        return [slip.student for slip in slips]

    def hold_class(self, kiosk: bootstrap.Kiosk, pins: dict[str, str]) -> None:
        """One by phone, after wrong tries of all kinds; one by hand."""
        app = kiosk.app
        session = app.runtime.start_class(
            app.courses.lists.course("CS 1").course_id, actor=ACTOR, policy=ProofPolicy.EITHER
        )
        while not (code := app.attendance.running.code()) or not code.url:
            assert not app.attendance.running.trouble
        base = app.attendance.running.base_url
        with httpx.Client(base_url=base, follow_redirects=True, headers={"Origin": base}) as phone:
            phone.get(f"/s/{WRONG_CODE}")
            page = phone.get("/s/" + code.url.rpartition("/")[2])
            ticket = page.url.path.split("/")[2]
            for number, pin in ((WRONG_NUMBER, WRONG_PIN), ("S1", WRONG_PIN), ("S1", pins["S1"])):
                page = self._send(phone, page, "Sign in", student_no=number, pin=pin)
            page = self._send(phone, page, "I am here")
            assert "You are marked" in page.text
            self.secrets.texts |= {f"the cookie {one.name}": str(one.value) for one in phone.cookies.jar}
        self.secrets.texts |= {"a ticket": ticket, "a scanned code": code.url[-8:]}
        gone = app.courses.lists.student(GONE_NO)
        app.attendance.marks.mark(
            session.session_id,
            gone.student_id,
            Status.PRESENT,
            actor=ACTOR,
            reason="without a phone",
        )
        app.runtime.end_class(actor=ACTOR)

    def _send(self, phone: httpx.Client, page: httpx.Response, button: str, **fields: str) -> httpx.Response:
        action, hidden = form(page.text, button)
        return phone.post(action, data=hidden | fields)

    def write_out(self, kiosk: bootstrap.Kiosk) -> None:
        """Workbook, slips, letters, everything about one student."""
        app = kiosk.app
        app.reports.exports.workbook(self.outside / "all.xlsx", Days(), actor=ACTOR)
        app.people.letters.issue(self.outside / "letters.pdf", actor=ACTOR)
        app.records.everything.save(self.outside / "one.zip", app.courses.lists.student(GONE_NO), actor=ACTOR)

    def back_up(self, kiosk: bootstrap.Kiosk, origin: Origin) -> Path:
        """One, and what the kiosk does with the older ones after it."""
        backups = kiosk.app.trust.backups
        made = backups.make(actor=ACTOR) if origin is Origin.BY_HAND else backups.make_now(origin, unwatched)
        backups.follow(unwatched)
        return made


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Secrets:
    """Fills itself with each picture and vector that goes into the database."""
    made = Secrets()
    add_sample, add_template = StoredFaces.add_sample, StoredFaces.add_template

    def sample(self: StoredFaces, **given: Any) -> FaceSample | None:
        made.blobs += [given["picture"][200:264], given["source"][200:264]]
        return add_sample(self, **given)

    def template(self: StoredFaces, *, sample_id: int, template: Template) -> Template:
        made.blobs.append(np.asarray(template.vector, "<f4").tobytes()[64:128])
        return add_template(self, sample_id=sample_id, template=template)

    monkeypatch.setattr(StoredFaces, "add_sample", sample)
    monkeypatch.setattr(StoredFaces, "add_template", template)
    return made


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything that makes temporary files makes them."""
    folder = tmp_path / "temp"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Path]:
    """All that the program and its web part say, at the level that says most."""
    path = tmp_path / "kiosk.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    names = ("kiosk", "uvicorn", "uvicorn.access", "uvicorn.error")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield path
    for name in names:
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(levels[name])
    handler.close()


def _unsealed(folder: Path, data_dir: Path) -> Iterator[tuple[Path, bytes]]:
    for file in sorted(folder.glob("*.kiosk-backup")):
        with unpacked(file, data_dir) as staged:
            yield file, staged.database.read_bytes()


@pytest.fixture
def _own_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test says when a backup is made."""
    monkeypatch.setattr(BackupRounds, "due", lambda _self: None)


@pytest.mark.usefixtures("_own_rounds")
def test_nothing_on_the_disk_tells_a_secret_or_a_face_or_a_deleted_student(
    tmp_path: Path, models_dir: Path, secrets: Secrets, temp: Path, logged: Path
) -> None:
    day = Day(tmp_path, models_dir, secrets)
    with day.kiosk() as kiosk:
        students = day.begin(kiosk)
        pins = dict(zip((one.student_no for one in students), secrets.pins, strict=True))
        day.hold_class(kiosk, pins)
        early = day.back_up(kiosk, Origin.AFTER_CLASS)
        by_hand = day.back_up(kiosk, Origin.BY_HAND)
        by_hand = by_hand.rename(day.outside / by_hand.name)
        day.write_out(kiosk)
    backup.restore(early, day.data_dir)  # a copy of the database stays beside it
    with day.kiosk() as kiosk:
        day.hold_class(kiosk, pins)
        app = kiosk.app
        app.people.consents.record(app.courses.lists.student("S2").student_id, given=False, actor=ACTOR)
        app.people.removal.remove(app.courses.lists.student(GONE_NO), actor=ACTOR)
        assert "nothing of the face is left" in app.people.remains.sentences(app.core.clock.now())[0]
        day.back_up(kiosk, Origin.NIGHTLY)
        folder = app.trust.backups.overview(actor=ACTOR).folder

    assert list(day.data_dir.glob("kiosk.sqlite3.before-restore-*"))
    assert len(list(folder.glob("*.kiosk-backup"))) == 2
    contents = [(one, one.read_bytes()) for one in sorted(day.data_dir.rglob("*")) if one.is_file()]
    contents += [(one, one.read_bytes()) for one in (*temp.rglob("*"), logged) if one.is_file()]
    contents += [*_unsealed(folder, day.data_dir), *_unsealed(day.outside, day.data_dir)]
    told = {path.name: secrets.found_in(content) for path, content in contents}
    assert {name: found for name, found in told.items() if found} == {}

    gone = {
        path.name: word
        for path, content in contents
        if path.name != by_hand.name
        for word in (GONE_NAME, GONE_NAME.lower(), GONE_MAIL)
        if word.encode() in content
    }
    assert gone == {}
    _number_is_in_the_log_alone(folder, day.data_dir)


def _number_is_in_the_log_alone(folder: Path, data_dir: Path) -> None:
    """The log of changes is chained, so it goes on to name the number; nothing else does."""
    places = [data_dir / "kiosk.sqlite3", *data_dir.glob("kiosk.sqlite3.before-restore-*[0-9Z]")]
    found = {table for one in places for table in _tables_naming(one)}
    for file in folder.glob("*.kiosk-backup"):
        with unpacked(file, data_dir) as staged:
            found |= set(_tables_naming(staged.database))
    assert found <= {"audit"}


def _tables_naming(database: Path) -> Iterator[str]:
    connection = sqlite3.connect(database)
    try:
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
            if any(GONE_NO.casefold() in str(value).casefold() for row in rows for value in row):
                yield table
    finally:
        connection.close()
