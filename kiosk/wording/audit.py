"""The audit log in plain words: what was done, by whom, about whom or what. Pure; any thread."""

import re
from datetime import tzinfo
from typing import Final

from kiosk.domain.attendance.choices import ProofPolicy, Status
from kiosk.domain.people.staff import Role
from kiosk.domain.trust.audit import AuditGroup, AuditLine
from kiosk.translation import N_, _
from kiosk.wording.actors import actor_name
from kiosk.wording.attendance import policy_words, status_words
from kiosk.wording.dates import day_and_time
from kiosk.wording.people import role_title

_CLASS: Final = re.compile(r"\s*#(\d+)\s*$")

ACTIONS: Final = {
    "absence.announced": N_("Absence announced"),
    "absence.taken_back": N_("Announced absence taken back"),
    "answers.imported": N_("Consent answers read from a file"),
    "backup.made": N_("Backup made"),
    "backup.restored": N_("Backup restored"),
    "claim.refused": N_("A check-in that this PC kept was refused"),
    "consent.given": N_("Consent recorded"),
    "consent.withdrawn": N_("Consent withdrawn"),
    "course.added": N_("Course added"),
    "course.archived": N_("Course archived"),
    "course.changed": N_("Course changed"),
    "course.reopened": N_("Course brought back from the archive"),
    "course.teachers": N_("Teachers of a course chosen"),
    "face.correction_ended": N_("A correction of the camera ended"),
    "face.correction_undone": N_("A correction of the camera undone"),
    "face.enrolled": N_("Picture of the face kept"),
    "face.learnt_from_class": N_("Picture from a class kept"),
    "face.not_this_person": N_("The camera was wrong: not this person"),
    "face.pair_found": N_("Two people who look alike found"),
    "face.pair_lifted": N_("Look-alikes let in by the face alone"),
    "face.pair_put_back": N_("Look-alikes asked to scan again"),
    "face.unlearnt_from_class": N_("Picture from a class removed"),
    "faces.compared": N_("All faces compared"),
    "faces.expired": N_("Face deleted because it is not needed any more"),
    "faces.learned": N_("Faces learned from a class"),
    "faces.learned_deleted": N_("Pictures from classes deleted"),
    "faces.picture_deleted": N_("Picture of the face deleted"),
    "faces.re-embedded": N_("Kept pictures prepared for another model"),
    "faces.rule_asked": N_("Asked how faces are used"),
    "faces.rule_chosen": N_("Chosen how faces are used"),
    "guardian.changed": N_("Guardian’s address entered"),
    "guardian.removed": N_("Guardian’s address removed"),
    "holiday.removed": N_("Holiday removed"),
    "holiday.saved": N_("Holiday entered"),
    "https.turned_off": N_("Secure connection turned off"),
    "https.turned_on": N_("Secure connection turned on"),
    "kept.expired": N_("Old data deleted"),
    "letters.printed": N_("Consent letters printed"),
    "list.saved": N_("List saved to a file"),
    "mail.server": N_("Mail server chosen"),
    "messages.allowed": N_("Messages by e-mail allowed again"),
    "messages.sent": N_("Messages sent by e-mail"),
    "messages.stopped": N_("Messages by e-mail stopped"),
    "model.chosen": N_("Recognition model chosen"),
    "model.installed": N_("Recognition model installed"),
    "model.licence_accepted": N_("Licence of a model accepted"),
    "model.removed": N_("Recognition model removed"),
    "notice.enforced": N_("Consent notice came into force"),
    "notice.published": N_("Consent notice published"),
    "objection.answered": N_("Student’s message answered"),
    "people.imported": N_("Class list imported"),
    "phone.enrolled": N_("Phone enrolled"),
    "phone.removed": N_("Phone removed"),
    "pin.all_unlocked": N_("Locked numbers opened again"),
    "pin.changed": N_("PIN changed"),
    "pin.issued": N_("PIN given out"),
    "pin.unlocked": N_("Locked number opened again"),
    "policy.changed": N_("Changed how the course is marked"),
    "record.set_by_recheck": N_("Set by a re-check"),
    "checkout.opened": N_("Check-out started"),
    "checkout.closed": N_("Check-out stopped"),
    "checkout.corrected": N_("Minutes corrected"),
    "recheck.started": N_("Re-check started"),
    "recheck.stopped": N_("Re-check stopped"),
    "recheck.ended": N_("Re-check ended"),
    "recheck.put_right": N_("Re-check put right"),
    "recheck.taken_back": N_("Re-check taken back"),
    "recheck.dropped": N_("Re-check dropped"),
    "record.confirmed_by_eye": N_("Confirmed by the teacher’s eye"),
    "record.marked_by_hand": N_("Marked by hand"),
    "records.exported": N_("Records exported"),
    "recovery.renewed": N_("Recovery passphrase renewed"),
    "recovery.used": N_("Recovery passphrase used"),
    "registration.added": N_("Put into a course"),
    "registration.ended": N_("Left a course"),
    "report.exported": N_("Report saved to a file"),
    "rule.changed": N_("Rule of the school changed"),
    "session.cancel_taken_back": N_("Cancelled class taken back"),
    "session.cancelled": N_("Class cancelled"),
    "session.clock_corrected": N_("Times of a class corrected"),
    "session.clock_moved": N_("The PC’s clock was moved during a class"),
    "session.deleted": N_("Class deleted"),
    "session.described": N_("Note or room of a class changed"),
    "session.ended": N_("Class ended"),
    "session.headcount": N_("People counted"),
    "session.opened_again": N_("Class opened again"),
    "session.restored": N_("Deleted class brought back"),
    "session.started": N_("Class started"),
    "session.taken_back": N_("Class from a recording removed"),
    "school.set_up": N_("Step of setting up noted"),
    "session.times_changed": N_("Times of a class changed"),
    "setting.changed": N_("Setting changed"),
    "student.changed": N_("Student changed"),
    "student.deactivated": N_("Student made inactive"),
    "student.deleted": N_("Student deleted"),
    "student.exported": N_("Everything about a student saved to a file"),
    "student.reactivated": N_("Student made active again"),
    "student.renumbered": N_("Student number changed"),
    "student.absence_announced": N_("Absence announced"),
    "student.absence_taken_back": N_("Announced absence taken back"),
    "status.brought_back": N_("Status of the school’s own brought back"),
    "status.removed": N_("Status of the school’s own removed"),
    "status.retired": N_("Status of the school’s own retired"),
    "status.saved": N_("Status of the school’s own changed"),
    "term.removed": N_("Term removed"),
    "term.saved": N_("Term entered"),
    "thresholds.changed": N_("Strictness of recognition changed"),
    "timetable.calendar": N_("Timetable taken from a calendar"),
    "timetable.calendar_forgotten": N_("Calendar of a timetable forgotten"),
    "timetable.called_off": N_("Class of a course called off"),
    "timetable.date": N_("Date of a course entered"),
    "timetable.date_removed": N_("Date of a course removed"),
    "timetable.slot": N_("Weekly time of a course entered"),
    "timetable.slot_removed": N_("Weekly time of a course removed"),
    "token.made": N_("Access for another program made"),
    "token.revoked": N_("Access for another program ended"),
    "traces.expired": N_("Old traces of phones deleted"),
    "user.added": N_("Account added"),
    "user.closed": N_("Account closed"),
    "user.password_changed": N_("Password changed"),
    "user.password_confirmed": N_("Password entered again"),
    "user.reopened": N_("Account opened again"),
    "user.role_changed": N_("Rights of an account changed"),
    "user.signed_in": N_("Signed in"),
    "session.added": N_("Class added afterwards"),
    "session.marks_imported": N_("Marks of a class imported"),
    "user.signed_in_by_phone": N_("Signed in on a phone or tablet"),
    "lesson_pin.chosen": N_("PIN for a lesson chosen"),
    "lesson_pin.confirmed": N_("PIN for a lesson confirmed"),
    "lesson_pin.turned_off": N_("PIN for a lesson turned off after wrong ones"),
    "view.deleted": N_("Saved view deleted"),
    "view.renamed": N_("Saved view renamed"),
    "view.saved": N_("View of the records saved"),
}
"""What was done, by the name that the log keeps; `action_words` says something of others, too."""

GROUPS: Final = {
    AuditGroup.CLASSES: N_("Classes"),
    AuditGroup.MARKS: N_("Marks and messages"),
    AuditGroup.PEOPLE: N_("Students, PINs and consent"),
    AuditGroup.COURSES: N_("Courses and lists"),
    AuditGroup.FACES: N_("Faces and recognition"),
    AuditGroup.PHONES: N_("Phones"),
    AuditGroup.ACCOUNTS: N_("Accounts and access"),
    AuditGroup.SETTINGS: N_("Settings and rules"),
    AuditGroup.DATA: N_("Exports, backups and deletion"),
}
"""What entries are about, to choose from."""


def action_words(action: str) -> str:
    """What was done; an action of another version of the program is said as it is called there, with spaces."""
    known = ACTIONS.get(action)
    if known is not None:
        return _(known)
    said = " ".join(re.split(r"[._-]+", action))
    return f"{said[:1].upper()}{said[1:]}"


def actor_words(actor: str) -> str:
    """Who did it: the command line and the program itself by what they are."""
    if actor in {"kiosk", "the kiosk"}:
        return _("The kiosk itself")
    return actor_name(actor)


def subject_words(line: AuditLine, zone: tzinfo) -> str:
    """Whom or what it is about: names beside numbers, and a class by its course and time."""
    found = _CLASS.search(line.entry.subject)
    about = _CLASS.sub("", line.entry.subject).strip()
    if line.student is not None:
        about = f"{line.student.full_name} ({line.student.student_no})"
    if found is None:
        return about
    if line.session is None or line.course is None:
        meeting = _("class {number}, which is gone", number=found.group(1))
    else:
        meeting = f"{line.course.code}, {day_and_time(line.session.started_at, zone)}"
        about = "" if about == line.course.code else about
    return " · ".join(part for part in (about, meeting) if part)


def _said_status(said: str) -> str:
    """One of the four in the words of today, with what the school calls it behind; anything else as it stands."""
    value, space, name = said.partition(" (")
    word = next((status_words(one).word for one in Status if one.value == value), value)
    return f"{word}{space}{name}"


def detail_words(line: AuditLine) -> str:
    """What else is known, without the words that only the program uses."""
    detail = line.entry.detail
    if line.entry.action.partition(".")[0] in {"record", "objection"}:
        said, colon, rest = detail.partition(":")
        word, ended = _said_status(said), _said_status(rest.strip())
        return f"{word}: {_(ended)}" if colon else word
    if line.entry.action == "user.added":
        return next((role_title(one) for one in Role if one.value == detail), detail)
    if line.entry.action == "policy.changed":
        return next((policy_words(one).word for one in ProofPolicy if one.value == detail), detail)
    return detail
