"""Where a backup came from, whether it can be trusted, and what it would bring back. Pure; any thread."""

from collections.abc import Mapping
from typing import Final, assert_never

from kiosk.domain.trust.backups import BackupState, Difference, FolderDoubt, FolderOpinion, Origin, Part
from kiosk.translation import N_, _, ngettext

NOT_AUTHENTICATED: Final = N_(
    "This backup is of an older version of the kiosk: it is not sealed, so nobody can tell whether somebody changed it."
)

RENEWED: Final = N_(
    "The new recovery passphrase counts from now on: for the school key on this PC and for backups that are made from now on."
)
OLDER_BACKUPS: Final = N_(
    "Backups made before it need the old one on another PC; on this PC they open as they did. Make a new backup afterwards. If "
    "somebody may have taken the paper with the old one, delete the older backups: out of each of them it gives the school key."
)


def origin_words(origin: Origin) -> str:
    """Why it was made."""
    match origin:
        case Origin.BY_HAND:
            return _("By hand")
        case Origin.AFTER_CLASS:
            return _("After a class")
        case Origin.NIGHTLY:
            return _("Nightly")
        case Origin.BEFORE_MIGRATION:
            return _("Before an update")
        case _:
            assert_never(origin)


def state_words(state: BackupState | None) -> str:
    """What is known of a file without unpacking it; None: it is damaged."""
    match state:
        case BackupState.OURS:
            return _("Not verified yet")
        case BackupState.OLD_FORMAT:
            return _("Of an older version, not sealed")
        case BackupState.OTHER_KEY:
            return _("Of another school key")
        case BackupState.FORGED:
            return _("Changed or forged")
        case None:
            return _("Damaged")
        case _:
            assert_never(state)


def size_words(size: int) -> str:
    """Of a file, such as ``310 kB`` or ``3.5 MB``."""
    if size < 1_000_000:
        return _("{size:.0f} kB", size=size / 1e3)
    if size < 1_000_000_000:
        return _("{size:.1f} MB", size=size / 1e6)
    return _("{size:.1f} GB", size=size / 1e9)


def folder_sentences(opinion: FolderOpinion | None) -> list[str]:
    """What speaks against keeping backups where they are kept: a sentence each."""
    return [_doubt(one, opinion) for one in opinion.doubts] if opinion is not None else []


def _doubt(doubt: FolderDoubt, opinion: FolderOpinion) -> str:
    match doubt:
        case FolderDoubt.INSIDE:
            return _(
                "Backups are kept in the data directory: what destroys its disk takes them along. Choose another disk or a share."
            )
        case FolderDoubt.SAME_DISK:
            return _(
                "Backups are kept on the same disk as the data: what destroys it takes both. Choose another disk or a share."
            )
        case FolderDoubt.LITTLE_ROOM:
            return _(
                "Only {free} are free where backups are kept, and those to come need about {needed}. Make room, or keep fewer.",
                free=size_words(opinion.free),
                needed=size_words(opinion.needed),
            )
        case _:
            assert_never(doubt)


def difference_lines(differences: Mapping[Part, Difference]) -> list[str]:
    """What a restore would bring back, and what it would lose: a sentence each."""
    lines = []
    for part, difference in differences.items():
        if part is Part.CHANGED:
            lines.append(_changed(difference.back))
            continue
        if difference.back:
            lines.append(_("Comes back: {what}.", what=_counted(part, difference.back)))
        if difference.lost:
            lines.append(_("Is lost: {what}.", what=_counted(part, difference.lost)))
    return lines


def _changed(n: int) -> str:
    return ngettext(
        "Changed back: {n} record that stands differently now.",
        "Changed back: {n} records that stand differently now.",
        n,
        n=n,
    )


def _counted(part: Part, n: int) -> str:
    match part:
        case Part.CLASSES:
            return ngettext("{n} class session", "{n} class sessions", n, n=n)
        case Part.RECORDS | Part.CHANGED:
            return ngettext("{n} attendance record", "{n} attendance records", n, n=n)
        case Part.STUDENTS:
            return ngettext("{n} student", "{n} students", n, n=n)
        case Part.COURSES:
            return ngettext("{n} course", "{n} courses", n, n=n)
        case Part.FACES:
            return ngettext("the face of {n} student", "the faces of {n} students", n, n=n)
        case Part.ACCOUNTS:
            return ngettext("{n} account", "{n} accounts", n, n=n)
        case _:
            assert_never(part)
