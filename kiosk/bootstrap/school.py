"""Wires rules of the school, records and reports. Making it reads nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.bootstrap.settings import CheckedSettings
from kiosk.bootstrap.sources import open_source
from kiosk.domain.reports.reports import Report
from kiosk.services.app import AttendanceCases, RecordCases, ReportCases, SchoolCases
from kiosk.services.attendance.lesson.class_summaries import ClassSummaries
from kiosk.services.core import Core
from kiosk.services.ports.cameras import CameraTrial, FoundCamera
from kiosk.services.ports.everything import StudentFile
from kiosk.services.ports.outputs import ReportContext
from kiosk.services.records.all_records import AllRecords
from kiosk.services.records.correcting import Correcting
from kiosk.services.records.everything import EverythingAboutStudent
from kiosk.services.records.objections import Objections
from kiosk.services.records.reading import Reading
from kiosk.services.records.saved_views import SavedViews
from kiosk.services.records.student_data import StudentData
from kiosk.services.reports.attendance_reports import AttendanceReports
from kiosk.services.reports.exports import Exports
from kiosk.services.reports.report_files import ReportFiles
from kiosk.services.reports.saved_lists import SavedLists
from kiosk.services.school.camera_choice import CameraChoice
from kiosk.services.school.face_rules import FaceRules
from kiosk.services.school.kept_data import KeptData
from kiosk.services.school.left_overs import LeftOvers
from kiosk.services.school.retention import Retention
from kiosk.services.school.retention_rounds import RetentionRounds
from kiosk.services.school.school_settings import School
from kiosk.services.school.set_up import SetUp
from kiosk.services.school.settings_change import SettingsChange
from kiosk.services.school.settings_editing import SettingsEditing
from kiosk.services.trust.backups import Backups
from kiosk.storage.store import Repositories


def build_school(
    core: Core,
    shared: School,
    faces: FaceRules,
    attendance: AttendanceCases,
    settings: CheckedSettings,
    backups: Backups,
) -> SchoolCases:
    """Wire rules, settings and retention over a store."""
    retention = Retention(store=core.store, clock=core.clock, zone=core.zone)
    left_overs = LeftOvers(directories=core.directories, school=shared, clock=core.clock)
    kept = KeptData(core, retention=retention, left_overs=left_overs, backups=backups)
    rounds = RetentionRounds(
        retention=retention,
        left_overs=left_overs,
        kept=kept,
        store=core.store,
        clock=core.clock,
        zone=core.zone,
        running=attendance.running,
    )
    change = SettingsChange(store=core.store, clock=core.clock, settings=settings, backups=backups)
    editing = SettingsEditing(core, shared=shared, settings=change, running=attendance.running)
    camera = CameraChoice(
        core, running=attendance.running, settings=change, find=_find_cameras, begin=_begin_trial
    )
    set_up = SetUp(store=core.store, clock=core.clock)
    return SchoolCases(shared, faces, change, retention, left_overs, rounds, kept, editing, camera, set_up)


def _find_cameras() -> list[FoundCamera]:
    from kiosk.camera.listing import find_cameras

    return find_cameras()


def _begin_trial(source: str) -> CameraTrial:
    from kiosk.pipeline.camera_trial import RunningTrial

    return RunningTrial(open_source(source))


def build_records(core: Core, attendance: AttendanceCases) -> RecordCases:
    """Wire what teachers, students and other programs read, over a store."""
    objections = Objections(store=core.store, clock=core.clock, events=core.events)
    return RecordCases(
        all=AllRecords(core),
        correcting=Correcting(core),
        views=SavedViews(core),
        summaries=ClassSummaries(
            store=core.store,
            sessions=attendance.sessions,
            incidents=attendance.incidents,
            attacks=attendance.attacks,
            keeping=attendance.keeping,
            objections=objections,
        ),
        objections=objections,
        student_data=StudentData(store=core.store),
        everything=EverythingAboutStudent(core, write=_write_everything),
        reading=Reading(store=core.store, clock=core.clock, zone=core.zone),
    )


def build_reports(core: Core, shared: School) -> ReportCases:
    """Wire the workbook, the table and the reports over a store."""
    exports = Exports(
        store=core.store,
        clock=core.clock,
        zone=core.zone,
        write_workbook=_write_workbook,
        write_table=_write_table,
    )
    lists = SavedLists(store=core.store, clock=core.clock, write=_write_rows)
    shown = AttendanceReports(core, school=shared)
    files = ReportFiles(core, reports=shown, write=_write_report)
    return ReportCases(exports, shown, files, lists)


def _write_workbook(path: Path, repositories: Repositories, context: ReportContext) -> int:
    from kiosk.reports.records.workbook import write_workbook

    return write_workbook(path, repositories, context)


def _write_report(path: Path, report: Report, zone: ZoneInfo) -> None:
    from kiosk.reports.shown.printed_report import write_report

    write_report(path, report, zone)


def _write_table(path: Path, repositories: Repositories, context: ReportContext) -> int:
    from kiosk.reports.records.records_table import write_records_table

    return write_records_table(path, repositories, context)


def _write_rows(path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
    from kiosk.reports.tables.write_rows import write_rows

    return write_rows(path, title=title, headings=headings, rows=rows)


def _write_everything(path: Path, found: StudentFile) -> None:
    from kiosk.reports.records.everything import write_everything

    write_everything(path, found)
