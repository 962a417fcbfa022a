"""The only place that chooses adapters and wires them together.

Heavy packages (OpenCV, ONNX Runtime, dlib, FastAPI, openpyxl) are imported by the function that first needs them, so
that the window is there before they are.
"""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.bootstrap.class_faces import ClassFaces
from kiosk.bootstrap.evaluation import draw_distances
from kiosk.bootstrap.housekeeping import build_housekeeping
from kiosk.bootstrap.model_change import ModelChanges, build_model_changes
from kiosk.bootstrap.phone_ways import PhoneWays, build_phone_ways
from kiosk.bootstrap.sign_ins import build_sign_ins
from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.phones.codes import Rotation
from kiosk.errors import KioskError, StorageError
from kiosk.pipeline.class_run import ClassRun
from kiosk.pipeline.clock import SystemClock
from kiosk.pipeline.code_worker import CodeReading
from kiosk.pipeline.enrolment_run import EnrolmentRun
from kiosk.pipeline.enrolment_sittings import EnrolmentSittings
from kiosk.pipeline.runtime import JOIN_S, Runtime
from kiosk.services.app import KioskApp
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.claims import Claims
from kiosk.services.attendance.incidents import Incidents
from kiosk.services.attendance.policy_choice import PolicyChoice
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.courses.class_lists import People
from kiosk.services.events import Event, OnEvent
from kiosk.services.faces.ambiguous_faces import AmbiguousFaces
from kiosk.services.faces.ambiguous_memory import AmbiguousMemory
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.corrections import Corrections
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.galleries import Galleries
from kiosk.services.faces.guided_enrolment import GuidedSitting, consenting_student
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.faces.recognition.liveness_choice import LivenessChoice
from kiosk.services.models.installation import Models
from kiosk.services.people.consents import FaceConsents
from kiosk.services.phones.bad_codes import BadCodes
from kiosk.services.phones.passes import Passes
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.ports.model_store import ModelStore
from kiosk.services.ports.outputs import CodeReader, PinSlip, ReportContext, RosterFile
from kiosk.services.ports.receipts import ReceiptSheet
from kiosk.services.ports.sources import FrameSource
from kiosk.services.ports.web import WebServer
from kiosk.services.records.objections import Objections
from kiosk.services.records.reading import Reading
from kiosk.services.records.student_data import StudentData
from kiosk.services.reports.exports import Exports
from kiosk.services.school.school_settings import School
from kiosk.services.trust.api_tokens import ApiTokens
from kiosk.settings import SETTINGS_FILE, KioskSettings, Reach
from kiosk.storage.store import Repositories
from kiosk.storage.store_worker import StoreWorker
from kiosk.vision.recognition_models import RecognitionModels

if TYPE_CHECKING:
    from kiosk.storage.database.sql_database import SqlDatabase

WINDOW_FIRST_S: Final = 1.0
"""Importing the web part and loading models beside the window would make it slower to appear."""

LOG_BYTES: Final = 2_000_000
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One kiosk, wired. `start` it before use and `stop` it after.

    Attributes:
        app: What screens and commands use.
        galleries: Rosters as recognition sees them.
        build_run: Makes camera and vision of a session over a given source.
        open_source: Makes a source from what the user wrote.
        vision: The shared models.
    """

    app: KioskApp
    runtime: Runtime
    galleries: Galleries
    vision: RecognitionModels
    build_run: Callable[[ClassSession, FrameSource, bool], ClassRun]
    database: "SqlDatabase"
    desk: EnrolmentSittings
    changes: ModelChanges

    def start(self) -> None:
        """Start the threads that are always there."""
        self.runtime.start()

    def stop(self) -> tuple[str, ...]:
        """Stop everything; returns the names of threads that did not end."""
        stuck = (*self.desk.close(), *self.runtime.stop())
        self.database.close()
        return stuck


def prepare_data_dir(data_dir: Path) -> Path:
    """Make the data directory and prove that it can be written.

    Raises:
        StorageError: It cannot.
    """
    data_dir = data_dir.expanduser().absolute()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        raise StorageError(
            f"The data directory {data_dir} cannot be written ({error.strerror}).",
            "Choose another one with --data-dir, or ask for the right to write there.",
        ) from error
    return data_dir


def log_to_file(data_dir: Path) -> None:
    """Keep warnings and errors of the program in ``logs/kiosk.log``."""
    folder = data_dir / "logs"
    folder.mkdir(exist_ok=True)
    handler = RotatingFileHandler(folder / "kiosk.log", maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    logging.getLogger("kiosk").addHandler(handler)
    logging.getLogger("kiosk").setLevel(logging.INFO)


def load_settings(data_dir: Path) -> KioskSettings:
    """The settings of the kiosk in a data directory.

    Raises:
        SettingsError: ``kiosk.toml`` has a wrong value.
    """
    return KioskSettings.load(data_dir / SETTINGS_FILE)


def build(
    data_dir: Path,
    *,
    models_dir: Path,
    on_event: OnEvent,
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
        on_event: Receives events from all threads.
        settings: Instead of those in the data directory.
        model: A recognition model instead of the one in the settings, until those are changed.
        source: Instead of the camera in the settings; the same object is used for each class.
        every_frame: Whether the camera waits for recognition (recordings) or drops frames (cameras).
        with_web: Whether phones are served.
        for_window: Whether a screen stands in front: it comes first, web part and models a moment after it. As it can
            make the first admin, a new recovery passphrase is made at each start until there is one, because nobody
            may have seen the last one.

    Raises:
        SettingsError: A setting is wrong.
        StorageError: The database or the school key cannot be used.
    """
    from kiosk.codes.draw import QrCodeDrawer
    from kiosk.storage.database.sql_database import SqlDatabase
    from kiosk.storage.keys.key_ring import KeyRing, database_path

    settings = settings or load_settings(data_dir)
    clock = SystemClock()
    doubtful_faces = AmbiguousMemory(clock=clock, write_picture=_write_picture)
    keys = KeyRing.open_or_create(data_dir)
    database = SqlDatabase.open(settings.storage.database_url or database_path(data_dir), key_ring=keys)
    store = StoreWorker(database=database)
    awaited = AwaitedFaces(store=store, clock=clock)
    on_event = _both(awaited.on_event, _both(doubtful_faces.on_event, on_event))
    school = School(store=store, clock=clock)
    zone = school.rules().zone()
    sessions = Sessions(store=store, clock=clock, school=school, zone=zone, on_event=on_event)
    live = RunningClass(clock=clock, rotation=Rotation(settings.code.rotation_s))
    corrections = Corrections(store=store, clock=clock, on_event=on_event)
    attacks = Attacks(store=store, on_event=on_event)
    checkin = CheckIn(store=store, zone=zone, on_event=on_event, can_see=awaited.can_see)
    incidents = Incidents(store=store, clock=clock, on_event=on_event)
    sign_ins = build_sign_ins(store, clock, incidents, live, checkin)
    lookalikes = Lookalikes(store=store, clock=clock, school=school)
    galleries = Galleries(store=store, school=school, lookalikes=lookalikes)
    liveness = LivenessChoice(
        store=store,
        school=school,
        problem=lambda mode: _liveness_problem(mode, models_dir),
        is_installed=lambda: _has_attack_detector(models_dir),
        watches_people=source is None and not _is_recording(settings.camera.source),
    )
    vision = RecognitionModels(
        models_dir=models_dir,
        reach=settings.recognition.reach,
        model=model or settings.recognition.model.value,
        engine=settings.recognition.engine,
    )
    changes = build_model_changes(
        vision=vision,
        models_dir=models_dir,
        store=store,
        clock=clock,
        lookalikes=lookalikes,
        class_is_open=lambda: live.current is not None,
        on_event=on_event,
    )
    faces = ClassFaces(vision, changes, galleries, clock, zone, settings, models_dir, on_event, awaited)

    def build_run(session: ClassSession, frames: FrameSource, every: bool) -> ClassRun:
        return ClassRun(
            session=session,
            source=frames,
            build_recogniser=lambda: faces.begin(session, every_frame=every),
            checkin=checkin,
            clock=clock,
            on_event=on_event,
            every_frame=every,
            on_decision=partial(doubtful_faces.take, session.session_id),
            attacks=attacks,
            # Passes live for seconds, so one in a recording is never good.
            code_reading=None if every else CodeReading(open_code_reader, passes.take),
        )

    def build_live_run(session: ClassSession) -> ClassRun:
        return build_run(session, source or open_source(settings.camera.source), every_frame)

    def restart_web() -> None:
        runtime.restart_web()

    ways = build_phone_ways(
        data_dir,
        store=store,
        web=settings.web,
        live=live,
        incidents=incidents,
        clock=clock,
        zone=zone,
        save=lambda changed: _save_settings(changed, data_dir, vision),
        restart_web=restart_web,
    )
    passes = Passes(
        live=live,
        checkin=checkin,
        clock=clock,
        qr=QrCodeDrawer(),
        bad_codes=BadCodes(live=live, incidents=incidents, clock=clock),
        on_event=on_event,
    )
    models = Models(
        open_store=lambda: open_model_store(models_dir),
        store=store,
        clock=clock,
        load_settings=lambda: load_settings(data_dir),
        save_settings=ways.save_settings,
    )

    housekeeping = build_housekeeping(
        store, clock, zone, live, doubtful_faces=doubtful_faces, phone=sign_ins.phone
    )

    def tidy() -> None:
        housekeeping.tick()
        if for_window:
            changes.worker.follow(vision.model_name())

    def warm_up() -> None:
        vision.warm_up()
        changes.worker.follow(vision.model_name())

    def stop_background() -> None:
        models.close()
        changes.worker.stop(JOIN_S)

    runtime = Runtime(
        store=store,
        sessions=sessions,
        live=live,
        build_web=(lambda: _web(app, sign_ins.phone, passes, ways))
        if with_web and settings.web.enabled
        else None,
        build_run=build_live_run,
        load_recognition=faces.load,
        model_name=faces.model_name,
        check_liveness=liveness.check,
        warm_up=warm_up if for_window else None,
        on_event=on_event,
        tidy=tidy,
        background_after_s=WINDOW_FIRST_S if for_window else 0.0,
        stop_background=stop_background,
    )

    def build_sitting(student_id: int) -> EnrolmentRun:
        return EnrolmentRun(
            student=consenting_student(store, student_id),
            source=source or open_source(settings.camera.source),
            begin=lambda: GuidedSitting(
                student_id=student_id,
                store=store,
                enrolment=_enrolment(vision, store, clock, lookalikes, reach=Reach.NEAR),
            ),
            reload_gallery=runtime.reload_gallery,
            every_frame=every_frame,
        )

    desk = EnrolmentSittings(build=build_sitting, class_is_open=lambda: live.current is not None)
    needs_passphrase = not keys.has_recovery or (for_window and sign_ins.accounts.needs_first_admin())
    app = KioskApp(
        settings=settings,
        save_settings=ways.save_settings,
        recognition_model=vision.model_name,
        recognition_warning=lambda: vision.warning,
        preparing=lambda: changes.worker.newest,
        recovery_passphrase=keys.create_recovery() if needs_passphrase else None,
        data_dir=data_dir,
        zone=zone,
        clock=clock,
        accounts=sign_ins.accounts,
        pins=sign_ins.pins,
        people=People(store=store, clock=clock, read_roster=_read_roster),
        sessions=sessions,
        attacks=attacks,
        incidents=incidents,
        certificate=ways.certificate,
        https=ways.https,
        phone_test=ways.test,
        shown_address=ways.address,
        liveness=liveness,
        policies=PolicyChoice(store=store),
        school=school,
        api_tokens=ApiTokens(store=store, clock=clock),
        exports=Exports(
            store=store, clock=clock, zone=zone, write_workbook=_write_workbook, write_table=_write_table
        ),
        enrolment=lambda: _enrolment(vision, store, clock, lookalikes),
        consents=FaceConsents(store=store, clock=clock, on_withdrawn=_withdrawn(awaited, runtime)),
        guided_enrolment=desk.open,
        lookalikes=lookalikes,
        corrections=corrections,
        claims=Claims(store=store, clock=clock, on_event=on_event),
        retention=housekeeping.retention,
        newest_deletion=lambda: housekeeping.rounds.newest,
        objections=Objections(store=store, clock=clock, on_event=on_event),
        awaited=awaited,
        doubtful=AmbiguousFaces(
            store=store,
            clock=clock,
            sessions=sessions,
            faces=doubtful_faces,
            enrolment=lambda: _enrolment(vision, store, clock, lookalikes),
        ),
        calibrating=Calibrating(
            galleries=galleries,
            school=school,
            lookalikes=lookalikes,
            model=lambda: vision.get()[1].info,
            today=lambda: clock.now().astimezone(zone).date(),
            draw=draw_distances,
        ),
        live=live,
        models=models,
        store=store,
        qr=QrCodeDrawer(),
        write_pin_slips=_write_pin_slips,
        write_receipt=_write_receipt,
        runtime=runtime,
    )
    return Kiosk(app, runtime, galleries, vision, build_run, database, desk, changes)


def open_model_store(models_dir: Path) -> ModelStore:
    """The model store over a directory; looks at nothing yet."""
    from kiosk.vision.models.conversions import DeepfaceConversions
    from kiosk.vision.models.installer import LocalModelStore

    return LocalModelStore(models_dir=models_dir, conversions=DeepfaceConversions(), wait=time.sleep)


def has_display() -> bool:
    """Whether a window can be shown here."""
    if os.environ.get("QT_QPA_PLATFORM") in {"offscreen", "minimal"}:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_source(text: str) -> FrameSource:
    """A camera or stream, or a recording played at its own speed.

    Raises:
        SourceError: The text names no source.
    """
    from kiosk.camera.factory import open_source as by_name
    from kiosk.camera.paced import PacedSource
    from kiosk.camera.picture_folder import PictureFolderSource
    from kiosk.camera.video_file import VideoFileSource

    found = by_name(text)
    return PacedSource(found) if isinstance(found, PictureFolderSource | VideoFileSource) else found


def open_recording(text: str) -> FrameSource:
    """A source whose every frame is to be looked at; times are its own.

    Raises:
        SourceError: The text names no source.
    """
    from kiosk.camera.factory import open_source as by_name

    return by_name(text)


def open_code_reader() -> CodeReader:
    """A reader of QR codes in a process of its own; close it after use."""
    from kiosk.codes.reader import PyzbarReader

    return PyzbarReader()


def _is_recording(source: str) -> bool:
    path = Path(source).expanduser()
    return path.is_file() or path.is_dir()


def _has_attack_detector(models_dir: Path) -> bool:
    from kiosk.vision.liveness.liveness_files import has_attack_detector

    return has_attack_detector(models_dir)


def _liveness_problem(mode: LivenessMode, models_dir: Path) -> KioskError | None:
    from kiosk.vision.liveness.liveness_files import liveness_problem

    return liveness_problem(mode, models_dir)


def _save_settings(changed: KioskSettings, data_dir: Path, vision: RecognitionModels) -> None:
    changed.save(data_dir / SETTINGS_FILE)
    vision.choose(model=changed.recognition.model.value, engine=changed.recognition.engine)


def _enrolment(
    vision: RecognitionModels,
    store: StoreWorker,
    clock: SystemClock,
    lookalikes: Lookalikes,
    *,
    reach: Reach = Reach.FAR,
) -> Enrolment:
    from kiosk.vision.factory import build_quality_meter
    from kiosk.vision.pictures import read_picture, write_picture

    detector, embedder = vision.build(reach)
    return Enrolment(
        store=store,
        clock=clock,
        detector=detector,
        embedder=embedder,
        quality=build_quality_meter(),
        read_picture=read_picture,
        write_picture=write_picture,
        lookalikes=lookalikes,
    )


def _both(first: OnEvent, second: OnEvent) -> OnEvent:
    """Tell two listeners, in this order."""

    def tell(event: Event) -> None:
        first(event)
        second(event)

    return tell


def _withdrawn(awaited: AwaitedFaces, runtime: Runtime) -> Callable[[int], None]:
    """A running class forgets a withdrawn face at once."""

    def forget(student_id: int) -> None:
        awaited.forget(student_id)
        runtime.reload_gallery()

    return forget


def _web(app: KioskApp, phone: Phone, passes: Passes, ways: PhoneWays) -> WebServer:
    from kiosk.web.api.application import ApiServices
    from kiosk.web.application import CheckInServices, MyPagesServices, create_app
    from kiosk.web.http.networks import PhoneNetworks
    from kiosk.web.http.server import UvicornServer

    settings = ways.address.web
    ways.certificate.check(settings)
    served = create_app(
        CheckInServices(phone, app.live, passes, ways.test),
        MyPagesServices(StudentData(store=app.store), app.retention, app.objections, app.consents),
        clock=app.clock,
        zone=app.zone,
        secure=bool(settings.certificate),
        networks=PhoneNetworks(settings.allowed_networks(), ways.outsiders),
        memory=ways.memory,
        api=ApiServices(
            app.api_tokens, Reading(store=app.store, clock=app.clock, zone=app.zone), app.exports
        ),
    )
    return UvicornServer(served, settings, shown=lambda: ways.address.web)


def _write_picture(image: BgrImage) -> bytes:
    from kiosk.vision.pictures import write_picture

    return write_picture(image)


def _read_roster(path: Path) -> RosterFile:
    from kiosk.reports.roster_file import read_roster_file

    return read_roster_file(path)


def _write_workbook(path: Path, repositories: Repositories, context: ReportContext) -> int:
    from kiosk.reports.workbook import write_workbook

    return write_workbook(path, repositories, context)


def _write_table(path: Path, repositories: Repositories, context: ReportContext) -> int:
    from kiosk.reports.records_table import write_records_table

    return write_records_table(path, repositories, context)


def _write_receipt(path: Path, sheet: ReceiptSheet) -> None:
    from kiosk.reports.consent_receipt import write_consent_receipt

    write_consent_receipt(path, sheet)


def _write_pin_slips(path: Path, *, title: str, slips: Sequence[PinSlip]) -> None:
    from kiosk.reports.pin_slips import write_pin_slips

    write_pin_slips(path, title=title, slips=slips)
