"""Looks at the database, the disk and backups. Any thread; some of it takes seconds."""

import shutil
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from kiosk.bootstrap.health.place import Place, settings_of
from kiosk.domain.trust.backups import FolderDoubt
from kiosk.domain.trust.rights import Actor
from kiosk.services.ports.health import Check, CheckState, Remedy
from kiosk.storage.backup.left_overs import LeftOver, LeftOverKind, left_overs
from kiosk.storage.database.engine import is_absent, place_of
from kiosk.storage.database.page_check import require_sound
from kiosk.storage.kept_claims import undelivered
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.store import Repositories
from kiosk.translation import _, ngettext
from kiosk.wording.backups import folder_sentences
from kiosk.wording.dates import numeric_moment
from kiosk.wording.lists import listed

MIN_FREE: Final = 500 * 1024 * 1024
"""Bytes: models take 30 MB, records little, a workbook of years some tens of MB."""


def look_at_database(place: Place) -> Check:
    """Whether it can be read."""
    with place.opened() as kiosk:
        courses, students = kiosk.app.core.store.read(_counted)
    return Check(
        "database",
        CheckState.GOOD,
        _(
            "Courses: {courses}, students: {students}, in {data_dir}.",
            courses=courses,
            students=students,
            data_dir=place.data_dir,
        ),
    )


def look_at_pages(place: Place) -> Check:
    """Whether its file is damaged."""
    if place.is_in_class():
        text = _("A class is open: damage is looked for when it has ended.")
        return Check("pages", CheckState.GOOD, text)
    with place.opened() as kiosk:
        path = kiosk.database
    if path is None:
        text = _("The database is on a server, which looks after its own pages: ask whoever runs it.")
        return Check("pages", CheckState.GOOD, text)
    require_sound(path)
    return Check("pages", CheckState.GOOD, _("Every page of the database was looked at, and all are whole."))


def look_at_kept_here(place: Place) -> Check:
    """Marks that wait on this PC for a database server, also one that the settings do not name any more."""
    waiting = undelivered(place.data_dir)
    if not waiting:
        return Check("kept here", CheckState.GOOD, _("No mark is kept on this PC for a database server."))
    url = settings_of(place).storage.database_url
    keys = KeyRing.existing(place.data_dir)
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
    return Check("kept here", CheckState.FAULT, " ".join(said), " ".join(dict.fromkeys(hints)))


def look_at_disk(place: Place) -> Check:
    """Whether there is room for records."""
    folder = next(one for one in (place.data_dir, *place.data_dir.parents) if one.is_dir())
    free = shutil.disk_usage(folder).free
    text = _("{free:.1f} GB are free.", free=free / 1024**3)
    if free >= MIN_FREE:
        return Check("disk", CheckState.GOOD, text)
    hint = _("Make room: records need some.")
    return Check("disk", CheckState.FAULT, text, hint, Remedy.KEPT_DATA)


def look_at_backups(place: Place) -> Check:
    """Whether backups work, and whether they would be lost together with what they are of."""
    with place.opened() as kiosk:
        backups = kiosk.app.trust.backups
        overview, overdue = backups.overview(actor=Actor.system("doctor")), backups.overdue()
    if not backups.are_possible:
        text = _("The database is on a server, which has backups of its own: ask whoever runs it.")
        return Check("backups", CheckState.GOOD, text)
    trouble, good = overdue or overview.trouble, overview.history.good
    if trouble is not None:
        return Check("backups", CheckState.FAULT, trouble.user_text, trouble.hint, Remedy.BACKUPS)
    doubts = folder_sentences(overview.opinion)
    state = CheckState.GOOD
    if overview.opinion is not None and doubts:
        little_room = FolderDoubt.LITTLE_ROOM in overview.opinion.doubts
        state = CheckState.FAULT if little_room else CheckState.WARNING
    count = len(overview.backups)
    text = (
        _("None was made yet; they go to {folder}.", folder=overview.folder)
        if good is None
        else ngettext(
            "{count} backup is in {folder}; the newest that was proved is of {when} UTC.",
            "{count} backups are in {folder}; the newest that was proved is of {when} UTC.",
            count,
            count=count,
            folder=overview.folder,
            when=numeric_moment(good),
        )
    )
    return Check("backups", state, text, " ".join(doubts), Remedy.BACKUPS if doubts else None)


def look_at_left_overs(place: Place) -> Check:
    """Files that nothing needs any more."""
    found = left_overs(place.data_dir, place.models_dir)
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
                names=_names(others, place.data_dir),
            )
        )
    if old_keys:
        said.append(
            ngettext(
                "{count} old file of keys, which stays until you delete it: {names}.",
                "{count} old files of keys, which stay until you delete them: {names}.",
                len(old_keys),
                count=len(old_keys),
                names=_names(old_keys, place.data_dir),
            )
        )
    former = database_path(place.data_dir)
    if settings_of(place).storage.database_url and not is_absent(former):
        said.append(
            _(
                "The database of before the server, which may hold faces, stays until you delete it: {name}.",
                name=former.name,
            )
        )
    return Check("left-overs", CheckState.GOOD, " ".join(said) or _("Nothing is left over."))


def _names(found: list[LeftOver], data_dir: Path) -> str:
    """Below the data directory without it."""
    return listed(
        [
            str(one.path.relative_to(data_dir) if one.path.is_relative_to(data_dir) else one.path)
            for one in found
        ]
    )


def _counted(repositories: Repositories) -> tuple[int, int]:
    """Courses and students."""
    return len(repositories.courses.all()), len(repositories.students.all())
