"""What works on this PC and what to do about the rest: ``kiosk doctor``."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from kiosk import bootstrap
from kiosk.bootstrap.screen import this_screen
from kiosk.bootstrap.settings import SettingsFile, school_certificate
from kiosk.domain.phones.codes import SCANNED
from kiosk.domain.phones.reading_distance import DESK_SCREEN, LEAST_MM, LONGEST_HOST, corner_size, full_size
from kiosk.domain.trust.backups import FolderDoubt
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.services.attendance.running_class import SCAN_PATH
from kiosk.services.ports.clock import SystemClock
from kiosk.services.ports.model_store import ModelState
from kiosk.settings import Reach
from kiosk.storage.backup.left_overs import LeftOver, LeftOverKind, left_overs
from kiosk.storage.database.engine import is_absent, place_of
from kiosk.storage.database.page_check import require_sound
from kiosk.storage.kept_claims import undelivered
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.translation import N_, _, ngettext
from kiosk.vision.recognition_models import RecognitionModels
from kiosk.wording.backups import folder_sentences
from kiosk.wording.dates import numeric_day, numeric_moment
from kiosk.wording.lists import listed

MIN_FREE: Final = 500 * 1024 * 1024
"""Bytes: models take 30 MB, records little, a workbook of years some tens of MB."""

RELEASED: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""A clock before this is wrong for certain."""

AT_WORK: Final = {
    True: N_("{name} recognises, {detector} finds faces, {looks} notice pictures of faces."),
    False: N_("{name} recognises, {detector} finds faces, nothing notices pictures of faces."),
}
"""Whether something tells pictures of faces from faces."""

CODE_SIZE: Final = {
    True: N_(
        "This screen of {inches:.0f} inches and {width_px}×{height_px} pixels shows modules of "
        "{module_mm:.1f} mm in the corner, readable from {distance_m:.1f} m, and of {full_module_mm:.1f} mm "
        "over the full screen (F2), readable from {full_distance_m:.1f} m."
    ),
    False: N_(
        "This screen tells no size; one of {inches:.0f} inches and {width_px}×{height_px} pixels shows modules of "
        "{module_mm:.1f} mm in the corner, readable from {distance_m:.1f} m, and of {full_module_mm:.1f} mm "
        "over the full screen (F2), readable from {full_distance_m:.1f} m."
    ),
}
"""Whether the screen told its size."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; its name is marked, and comes into the language where it is shown."""

    name: str
    works: bool
    text: str
    hint: str = ""


def examine(data_dir: Path, models_dir: Path) -> list[Finding]:
    """Look at everything that a class needs; takes a few seconds. Changes nothing but makes the built-in model."""
    checks: dict[str, Callable[[], Finding]] = {
        N_("database"): partial(_database, data_dir, models_dir),
        N_("pages"): partial(_pages, data_dir, models_dir),
        N_("kept here"): partial(_kept_here, data_dir),
        N_("camera"): partial(_camera, data_dir),
        N_("models"): partial(_models, data_dir, models_dir),
        N_("codes"): _codes,
        N_("display"): _display,
        N_("address"): partial(_address, data_dir),
        N_("code size"): partial(_code_size, data_dir),
        N_("certificate"): partial(_certificate, data_dir),
        N_("clock"): _clock,
        N_("disk"): partial(_disk, data_dir),
        N_("backups"): partial(_backups, data_dir, models_dir),
        N_("left-overs"): partial(_left_overs, data_dir, models_dir),
    }
    findings = []
    for name, check in checks.items():
        try:
            findings.append(check())
        except KioskError as error:
            findings.append(Finding(name, False, error.user_text, error.hint))
    return findings


def _database(data_dir: Path, models_dir: Path) -> Finding:
    kiosk = bootstrap.build(data_dir, models_dir=models_dir)
    try:
        courses = len(kiosk.app.courses.lists.courses())
        students = len(kiosk.app.courses.lists.students())
    finally:
        kiosk.database.close()
    return Finding(
        "database",
        True,
        _(
            "Courses: {courses}, students: {students}, in {data_dir}.",
            courses=courses,
            students=students,
            data_dir=data_dir,
        ),
    )


def _pages(data_dir: Path, models_dir: Path) -> Finding:
    kiosk = bootstrap.build(data_dir, models_dir=models_dir)
    path = kiosk.database.path
    kiosk.database.close()
    if path is None:
        text = _("The database is on a server, which looks after its own pages: ask whoever runs it.")
        return Finding("pages", True, text)
    require_sound(path)
    return Finding("pages", True, _("Every page of the database was looked at, and all are whole."))


def _kept_here(data_dir: Path) -> Finding:
    """Marks that wait on this PC for a database server, also one that the settings do not name any more."""
    waiting = undelivered(data_dir)
    if not waiting:
        return Finding("kept here", True, _("No mark is kept on this PC for a database server."))
    url = bootstrap.load_settings(data_dir).storage.database_url
    keys = KeyRing.existing(data_dir)
    at_work = (place_of(make_url(url)) if url else "", keys.check_value if keys is not None else "")
    said, hints = [], []
    for one in waiting:
        said.append(
            ngettext(
                "{number} mark is kept on this PC since {since} UTC, for the server {place}.",
                "{number} marks are kept on this PC since {since} UTC, for the server {place}.",
                one.number,
                number=one.number,
                since=numeric_moment(one.since),
                place=one.place,
            )
        )
        hints.append(
            _("Start the kiosk while its server works: it delivers them by itself.")
            if (one.place, one.school) == at_work
            else _(
                "Let database_url name that server again, with the school key of then, and start the kiosk."
            )
        )
    return Finding("kept here", False, " ".join(said), " ".join(dict.fromkeys(hints)))


def _camera(data_dir: Path) -> Finding:
    source = bootstrap.open_recording(bootstrap.load_settings(data_dir).camera.source)
    try:
        info = source.open()
        frame = source.read()
    finally:
        source.close()
    if frame is None:
        return Finding(
            "camera",
            False,
            _("{name} gives no picture.", name=info.name),
            _("Choose another one in the settings."),
        )
    return Finding(
        "camera",
        True,
        _(
            "{name} gives pictures of {width}×{height} pixels.",
            name=info.name,
            width=frame.width,
            height=frame.height,
        ),
    )


def _models(data_dir: Path, models_dir: Path) -> Finding:
    chosen = bootstrap.load_settings(data_dir).recognition
    model = bootstrap.chosen_model(data_dir, models_dir)
    kiosk_vision = RecognitionModels(
        models_dir=models_dir, reach=Reach.NEAR, model=model, engine=chosen.engine
    )
    detector, embedder = kiosk_vision.get()
    if kiosk_vision.warning:
        return Finding(
            "models",
            False,
            _("{name} recognises instead.", name=embedder.info.known_as),
            kiosk_vision.warning,
        )
    rows = bootstrap.open_model_store(models_dir).models(chosen=model)
    looks = [row.name for row in rows if row.task == "liveness" and row.in_use]
    text = _(AT_WORK[bool(looks)], name=embedder.info.known_as, detector=detector.name, looks=listed(looks))
    damaged = [row.name for row in rows if row.state is ModelState.DAMAGED]
    if damaged:
        again = "; ".join(f"kiosk models install {name}" for name in damaged)
        return Finding(
            "models",
            False,
            text + " " + _("Damaged: {damaged}.", damaged=", ".join(damaged)),
            _("Install again: {again}", again=again),
        )
    return Finding("models", True, text)


def _codes() -> Finding:
    from kiosk.codes.draw import QrCodeDrawer

    reader = bootstrap.open_code_reader()
    try:
        texts = reader.read(QrCodeDrawer().picture("kiosk doctor"))
    finally:
        reader.close()
    if texts != ["kiosk doctor"]:
        return Finding(
            "codes", False, _("QR codes cannot be read."), _("Install the zbar library (libzbar0).")
        )
    return Finding("codes", True, _("QR codes are drawn and read."))


def _display() -> Finding:
    if bootstrap.has_display():
        return Finding("display", True, _("There is a display for the window."))
    return Finding(
        "display",
        False,
        _("There is no display."),
        _("Start the kiosk from the desktop, not over a remote shell."),
    )


def _address(data_dir: Path) -> Finding:
    from kiosk.web.http.lan import shown_host

    address = shown_host(bootstrap.load_settings(data_dir).web)
    if address.startswith("127."):
        return Finding(
            "address", False, _("This PC is in no network."), _("Connect it, so that phones can reach it.")
        )
    return Finding("address", True, _("Phones would reach this PC at {address}.", address=address))


def _code_size(data_dir: Path) -> Finding:
    from kiosk.codes.draw import QrCodeDrawer
    from kiosk.web.http.lan import shown_host

    web = bootstrap.load_settings(data_dir).web
    host = shown_host(web)
    scheme = "https" if web.certificate else "http"
    text = f"{scheme}://{host}:{web.port}{SCAN_PATH}{'A' * SCANNED.length}".upper()
    modules = QrCodeDrawer().modules(text).shape[0]
    measured = this_screen() if bootstrap.has_display() else None
    screen = measured or DESK_SCREEN
    corner, full = corner_size(modules, screen), full_size(modules, screen)
    said = _(
        CODE_SIZE[measured is not None],
        inches=screen.inches,
        width_px=screen.width_px,
        height_px=screen.height_px,
        module_mm=corner.module_mm,
        distance_m=corner.distance_m,
        full_module_mm=full.module_mm,
        full_distance_m=full.distance_m,
    )
    if corner.module_mm >= LEAST_MM:
        return Finding("code size", True, said)
    hint = _(
        "That is under {least_mm:.0f} mm: fill the screen with the code (F2), or let students come nearer.",
        least_mm=LEAST_MM,
    )
    if len(host) > LONGEST_HOST:
        shorter = _(
            "A name of at most {longest_host} characters as the address shown makes it larger.",
            longest_host=LONGEST_HOST,
        )
        hint = f"{hint} {shorter}"
    return Finding("code size", False, said, hint)


def _certificate(data_dir: Path) -> Finding:
    certificate = school_certificate(SettingsFile(data_dir), SystemClock())
    facts = certificate.check(bootstrap.load_settings(data_dir).web)
    if facts is None:
        return Finding(
            "certificate", True, _("None is set: phones connect by HTTP, to check in and no more.")
        )
    problem = certificate.problem()
    if problem is not None:
        return Finding("certificate", False, problem.user_text, problem.hint)
    text = _(
        "Phones connect by HTTPS as {names}, until {not_after}.",
        names=", ".join(facts.names),
        not_after=numeric_day(facts.not_after),
    )
    return Finding("certificate", True, text)


def _clock() -> Finding:
    now = datetime.now(UTC)
    if now < RELEASED:
        return Finding(
            "clock",
            False,
            _("The clock says {now} UTC.", now=numeric_moment(now)),
            _("Set it, or turn on network time."),
        )
    return Finding("clock", True, _("The clock says {now} UTC.", now=numeric_moment(now)))


def _disk(data_dir: Path) -> Finding:
    free = shutil.disk_usage(data_dir).free
    text = _("{free:.1f} GB are free.", free=free / 1024**3)
    return Finding(
        "disk", free >= MIN_FREE, text, "" if free >= MIN_FREE else _("Make room: records need some.")
    )


def _backups(data_dir: Path, models_dir: Path) -> Finding:
    kiosk = bootstrap.build(data_dir, models_dir=models_dir)
    try:
        overview = kiosk.app.trust.backups.overview(actor=Actor.system("doctor"))
        overdue = kiosk.app.trust.backups.overdue()
    finally:
        kiosk.database.close()
    if not kiosk.app.trust.backups.are_possible:
        text = _("The database is on a server, which has backups of its own: ask whoever runs it.")
        return Finding("backups", True, text)
    trouble, good = overdue or overview.trouble, overview.history.good
    if trouble is not None:
        raise trouble
    doubts = folder_sentences(overview.opinion)
    has_room = overview.opinion is None or FolderDoubt.LITTLE_ROOM not in overview.opinion.doubts
    if good is None:
        text = _("None was made yet; they go to {folder}.", folder=overview.folder)
        return Finding("backups", has_room, text, " ".join(doubts))
    count = len(overview.backups)
    return Finding(
        "backups",
        has_room,
        ngettext(
            "{count} backup is in {folder}; the newest that was proved is of {when} UTC.",
            "{count} backups are in {folder}; the newest that was proved is of {when} UTC.",
            count,
            count=count,
            folder=overview.folder,
            when=numeric_moment(good),
        ),
        " ".join(doubts),
    )


def _left_overs(data_dir: Path, models_dir: Path) -> Finding:
    found = left_overs(data_dir, models_dir)
    old_keys = [one for one in found if one.kind is LeftOverKind.KEY]
    others = [one for one in found if one.kind is not LeftOverKind.KEY]
    said = []
    if others:
        said.append(
            ngettext(
                "{count} left-over of restores and of work that was cut off, {megabytes:.1f} MB; it goes by itself: {names}.",
                "{count} left-overs of restores and of work that was cut off, {megabytes:.1f} MB; they go by themselves: {names}.",
                len(others),
                count=len(others),
                megabytes=sum(one.size for one in others) / 1e6,
                names=_names(others, data_dir),
            )
        )
    if old_keys:
        said.append(
            ngettext(
                "{count} old file of keys, which stays until you delete it: {names}.",
                "{count} old files of keys, which stay until you delete them: {names}.",
                len(old_keys),
                count=len(old_keys),
                names=_names(old_keys, data_dir),
            )
        )
    former = database_path(data_dir)
    if bootstrap.load_settings(data_dir).storage.database_url and not is_absent(former):
        said.append(
            _(
                "The database of before the server, which may hold faces, stays until you delete it: {name}.",
                name=former.name,
            )
        )
    return Finding("left-overs", True, " ".join(said) or _("Nothing is left over."))


def _names(found: list[LeftOver], data_dir: Path) -> str:
    """Below the data directory without it."""
    return listed(
        [
            str(one.path.relative_to(data_dir) if one.path.is_relative_to(data_dir) else one.path)
            for one in found
        ]
    )
