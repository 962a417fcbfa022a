"""The only place that chooses adapters and wires them together: a list of the subjects, each in a module of its own.

Heavy packages (OpenCV, ONNX Runtime, dlib, FastAPI, openpyxl) are imported by the function that first needs them, so
that the window is there before they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.bootstrap.attendance import build_attendance, ticking_in_class
from kiosk.bootstrap.background import KioskBackground
from kiosk.bootstrap.classes import Classes
from kiosk.bootstrap.core import build_core, open_kept_claims, tell_of_store
from kiosk.bootstrap.courses import build_calendar_worker, build_courses
from kiosk.bootstrap.data_dir import holds_school, log_to_file, prepare_data_dir
from kiosk.bootstrap.display import has_display
from kiosk.bootstrap.faces import Faces, build_faces
from kiosk.bootstrap.health import running_place
from kiosk.bootstrap.lesson import build_lesson
from kiosk.bootstrap.messages import build_messages
from kiosk.bootstrap.models import ModelChanges, build_model_changes, build_models, open_model_store
from kiosk.bootstrap.people import build_people
from kiosk.bootstrap.phones import build_phones
from kiosk.bootstrap.school import build_records, build_reports, build_school
from kiosk.bootstrap.settings import CheckedSettings, SettingsFile, build_settings
from kiosk.bootstrap.sources import ClassSource, open_code_reader, open_recording, open_source
from kiosk.bootstrap.trust import build_backup_worker, build_backups, build_trust
from kiosk.bootstrap.web import WebPart
from kiosk.errors import StorageError
from kiosk.pipeline.freed_memory import FreedMemory
from kiosk.pipeline.rule_follower import RuleFollower
from kiosk.pipeline.runtime import Runtime
from kiosk.pipeline.web_supervisor import WebSupervisor
from kiosk.services.app import (
    AttendanceCases,
    CourseCases,
    KioskApp,
    LessonCases,
    MessageCases,
    ModelCases,
    PeopleCases,
    PhoneCases,
    RecordCases,
    ReportCases,
    SchoolCases,
    TrustCases,
)
from kiosk.services.core import Core
from kiosk.services.events import Events
from kiosk.services.ports.sources import FrameSource
from kiosk.services.school.face_rules import FaceRules
from kiosk.services.school.school_settings import School
from kiosk.settings import KioskSettings, StorageSettings
from kiosk.storage.store_worker import StoreWorker
from kiosk.vision.recognition_models import RecognitionModels
from kiosk.web.http.memory import WebMemory

if TYPE_CHECKING:
    from kiosk.storage.database.sql_database import SqlDatabase
    from kiosk.storage.kept_claims import KeptClaimsFile
    from kiosk.storage.keys.key_ring import KeyRing

__all__ = [
    "Kiosk",
    "build",
    "chosen_model",
    "has_display",
    "holds_school",
    "load_settings",
    "log_to_file",
    "open_code_reader",
    "open_model_store",
    "open_recording",
    "open_source",
    "prepare_data_dir",
]


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One kiosk, wired. Subscribe to its events, `start` it before use and `stop` it after.

    Attributes:
        app: What screens and commands use.
        classes: Makes camera and vision of a session, also over a given source.
        faces: Rosters as recognition sees them, and sittings.
        changes: The shared models, and preparing pictures for another one.
    """

    app: KioskApp
    runtime: Runtime
    database: "SqlDatabase"
    classes: Classes
    faces: Faces
    changes: ModelChanges

    @property
    def events(self) -> Events:
        """Tells what happens."""
        return self.app.core.events

    @property
    def vision(self) -> RecognitionModels:
        """The shared models."""
        return self.changes.vision

    def start(self) -> None:
        """Start the threads that are always there; what was kept while the server was away is written first."""
        self.app.attendance.delivery.begin()
        self.runtime.start()

    def stop(self) -> tuple[str, ...]:
        """Stop everything; returns the names of threads that did not end."""
        self.app.attendance.delivery.stop()
        self.app.school.camera.close()
        stuck = (*self.faces.sittings.close(), *self.runtime.stop())
        self.app.attendance.keeping.close()
        self.database.close()
        return stuck


def load_settings(data_dir: Path) -> KioskSettings:
    """The settings of the kiosk in a data directory.

    Raises:
        SettingsError: ``kiosk.toml`` has a wrong value.
    """
    return SettingsFile(data_dir).load()


def chosen_model(data_dir: Path, models_dir: Path) -> str:
    """What the setting *Model* comes to in a data directory; makes none.

    Raises:
        SettingsError: A setting is wrong.
        StorageError: The database cannot be used.
    """
    from kiosk.storage.keys.key_ring import KeyRing

    if KeyRing.existing(data_dir) is None:
        return load_settings(data_dir).recognition.model.value
    kiosk = build(data_dir, models_dir=models_dir)
    try:
        return kiosk.vision.chosen()
    finally:
        kiosk.database.close()


def build(
    data_dir: Path,
    *,
    models_dir: Path,
    settings: KioskSettings | None = None,
    model: str | None = None,
    source: FrameSource | None = None,
    every_frame: bool = False,
    with_web: bool = False,
    for_window: bool = False,
) -> Kiosk:
    """Wire one kiosk over a data directory; nothing runs yet.

    Args:
        data_dir: Prepared by `prepare_data_dir`.
        models_dir: Where installed and generated model files are.
        settings: Instead of those in the data directory.
        model: A recognition model instead of the one in the settings, until those are changed.
        source: Instead of the camera in the settings; the same object is used for each class.
        every_frame: Whether the camera waits for recognition (recordings) or drops frames (cameras).
        with_web: Whether phones are served. Then it runs for long, and looks for damage in the database first.
        for_window: Whether a screen stands in front: it comes first, web part and models a moment after it. As it can
            make the first admin, each start makes a new recovery passphrase until there is one: nobody may know the last.

    Raises:
        SettingsError: A setting is wrong.
        StorageError: The database or the school key cannot be used, or is damaged.
    """
    from kiosk.storage.database.sql_database import SqlDatabase
    from kiosk.storage.keys.key_ring import KeyRing, database_path

    settings = settings or load_settings(data_dir)
    keys = KeyRing.open_or_create(data_dir)
    database = SqlDatabase.open(
        settings.storage.database_url or database_path(data_dir),
        key_ring=keys,
        before_upgrade=partial(_back_up, data_dir, settings.storage),
    )
    store = StoreWorker(database=database)
    core = build_core(store, data_dir=data_dir, models_dir=models_dir, settings=settings)
    kept_claims = open_kept_claims(data_dir, database, keys)
    store.tell_of_trouble(partial(tell_of_store, core.events, is_keeping=kept_claims is not None))
    vision = RecognitionModels(
        models_dir=models_dir,
        reach=settings.recognition.reach,
        model=model or settings.recognition.model.value,
        engine=settings.recognition.engine,
        enrolled=lambda: store.read(lambda repositories: repositories.faces.templates_by_model()),
    )
    frames = ClassSource(lambda: core.settings.camera.source, source, every_frame)
    keeps_backups = for_window or (with_web and source is None)  # not while somebody tries something out
    chosen = _Chosen(store, database, keys, kept_claims, vision, frames, with_web, for_window, keeps_backups)
    kiosk = _build_kiosk(core, chosen)
    if with_web:
        try:
            kiosk.app.trust.database.begin()
        except StorageError:
            database.close()
            raise
    return kiosk


def _back_up(data_dir: Path, storage: StorageSettings) -> None:
    """Keep a school's database as it is, before it is brought to another schema; a server has backups of its own."""
    from kiosk.storage.backup.vault import back_up_before_upgrade
    from kiosk.storage.keys.key_ring import database_path

    if not storage.database_url:
        back_up_before_upgrade(
            data_dir,
            database_path(data_dir),
            chosen=storage.backup_folder,
            keep=storage.backups_kept,
            at=datetime.now(UTC),
        )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The adapters of one kiosk."""

    store: StoreWorker
    database: "SqlDatabase"
    keys: "KeyRing"
    kept_claims: "KeptClaimsFile | None"
    vision: RecognitionModels
    source: ClassSource
    with_web: bool
    for_window: bool
    keeps_backups: bool


@dataclass(frozen=True, slots=True)
class _Subjects:
    """The use cases of one kiosk by subject, and what its classes and its background take from them."""

    rules: FaceRules
    settings: CheckedSettings
    attendance: AttendanceCases
    courses: CourseCases
    people: PeopleCases
    faces: Faces
    changes: ModelChanges
    models: ModelCases
    phones: PhoneCases
    lesson: LessonCases
    records: RecordCases
    reports: ReportCases
    messages: MessageCases
    school: SchoolCases
    trust: TrustCases
    web: WebPart

    def app(self, core: Core, runtime: Runtime) -> KioskApp:
        """What screens and commands use."""
        return KioskApp(
            core=core,
            runtime=runtime,
            attendance=self.attendance,
            courses=self.courses,
            people=self.people,
            faces=self.faces.cases,
            models=self.models,
            phones=self.phones,
            lesson=self.lesson,
            records=self.records,
            reports=self.reports,
            messages=self.messages,
            school=self.school,
            trust=self.trust,
        )


def _build_subjects(
    core: Core, chosen: _Chosen, *, runtime: Callable[[], Runtime], app: Callable[[], KioskApp]
) -> _Subjects:
    """Wire them in the order in which they need each other; `runtime` and `app` are there once all are."""
    shared = School(store=core.store, clock=core.clock)
    rules = FaceRules(store=core.store, clock=core.clock, events=core.events)
    attendance = build_attendance(core, shared, chosen.kept_claims)
    settings = build_settings(core, chosen.vision)
    backups = build_backups(core, chosen.database.path, settings)
    people = build_people(
        *(core, shared, attendance, backups),
        pepper=chosen.keys.pepper,
        secure_url=lambda: settings.certificate.secure_url(settings.address.web),
        shown_url=lambda: settings.certificate.shown_url(settings.address.web),
    )
    faces = build_faces(core, shared, rules, attendance, chosen.vision, chosen.source)
    changes = build_model_changes(core, rules, attendance, chosen.vision, faces.cases.lookalikes)
    phones = build_phones(core, attendance, people, settings, known_phones_key=chosen.keys.known_phones_key)
    models = build_models(core, shared, attendance, settings, changes)
    lesson = build_lesson(
        core, attendance, people, faces.cases, shared, end=lambda actor: runtime().end_class(actor=actor)
    )
    records = build_records(core, attendance)
    reports = build_reports(core, shared)
    courses = build_courses(core)
    here = running_place(core, app, database=chosen.database.path, chosen_model=changes.vision.chosen)
    messages = build_messages(core, shared, reports, mail_key=chosen.keys.mail_key)
    trust = build_trust(
        *(core, attendance, people, chosen.keys, chosen.database.path, backups, here),
        for_window=chosen.for_window,
    )
    school = build_school(core, shared, rules, attendance, settings, trust.backups)
    web = WebPart(
        *(core, attendance, people, phones, lesson, records, reports, school, trust),
        memory=WebMemory.begin(core.clock),
    )
    return _Subjects(
        rules=rules,
        settings=settings,
        attendance=attendance,
        courses=courses,
        people=people,
        faces=faces,
        changes=changes,
        models=models,
        phones=phones,
        lesson=lesson,
        records=records,
        reports=reports,
        messages=messages,
        school=school,
        trust=trust,
        web=web,
    )


def _build_background(
    core: Core, chosen: _Chosen, subjects: _Subjects, follower: RuleFollower
) -> KioskBackground:
    """What is done beside classes; backups and calendars only where the kiosk runs for long."""
    attendance, faces, people, trust = subjects.attendance, subjects.faces, subjects.people, subjects.trust
    return KioskBackground(
        ticking=(
            follower,
            *ticking_in_class(core, attendance),
            *(
                faces.memory,
                subjects.phones.check_in,
                subjects.school.rounds,
                people.notices,
                trust.database,
                FreedMemory(clock=core.clock),
            ),
        ),
        class_clock=attendance.clock,
        workers=(
            build_calendar_worker(core, subjects.courses.calendars, attendance.running),
            build_backup_worker(core, attendance, people, trust.backups, subjects.settings),
        )
        if chosen.keeps_backups
        else (),
        changes=subjects.changes,
        learning=faces.learning,
        models=subjects.models,
        rules=subjects.rules,
        for_window=chosen.for_window,
    )


def _build_kiosk(core: Core, chosen: _Chosen) -> Kiosk:
    subjects = _build_subjects(core, chosen, runtime=lambda: runtime, app=lambda: app)
    attendance, running, events = subjects.attendance, subjects.attendance.running, core.events
    classes = Classes(
        core,
        attendance=attendance,
        faces=subjects.faces,
        changes=subjects.changes,
        passes=subjects.phones.passes,
        rules=subjects.rules,
        source=chosen.source,
    )
    follower = RuleFollower(running=running, run=lambda: runtime.run, classes=classes, events=events)
    runtime = Runtime(
        store=chosen.store,
        sessions=attendance.sessions,
        running=running,
        classes=classes,
        events=events,
        web=WebSupervisor(
            builder=subjects.web,
            running=running,
            events=events,
            is_wanted=lambda: subjects.settings.address.web.enabled,
        )
        if chosen.with_web
        else None,
        background=_build_background(core, chosen, subjects, follower),
    )
    subjects.settings.runtime = runtime
    app = subjects.app(core, runtime)
    return Kiosk(app, runtime, chosen.database, classes, subjects.faces, subjects.changes)
