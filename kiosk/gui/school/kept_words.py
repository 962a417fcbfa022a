"""What is kept, why and how long, in words. Pure."""

from typing import Final

from kiosk.domain.school.kept_lines import KeptKind, KeptLine
from kiosk.translation import N_, _, ngettext
from kiosk.wording.dates import numeric_day

WHAT: Final = {
    KeptKind.FACES: N_("Faces of students"),
    KeptKind.TRACES: N_("Traces of phones"),
    KeptKind.PHONES: N_("Enrolled phones"),
    KeptKind.INCIDENTS: N_("Notes to teachers"),
    KeptKind.EVENTS: N_("Pictures held up"),
    KeptKind.FAILURES: N_("Wrong sign-ins"),
    KeptKind.CODES: N_("Open codes of letters"),
    KeptKind.MESSAGES: N_("Sent e-mails"),
    KeptKind.EXPORTS: N_("Exports that were made"),
    KeptKind.COPIES: N_("Kept database copies"),
    KeptKind.BACKUPS: N_("Backups in the folder"),
    KeptKind.CONSENTS: N_("Answers on face recognition"),
    KeptKind.RECORDS: N_("Attendance"),
    KeptKind.LOG: N_("The log"),
}

WHY: Final = {
    KeptKind.FACES: N_(
        "To recognise students in class. Encrypted with a key of each student; goes at once with a no, and the key with it."
    ),
    KeptKind.TRACES: N_(
        "Which phone checked whom in, to see whether one checked in others. Attendance stays when the browser and address go."
    ),
    KeptKind.PHONES: N_(
        "So that only a student's own phone marks the student, where the school wants it. Only a digest of the phone's secret is "
        "kept."
    ),
    KeptKind.INCIDENTS: N_("Incidents: so that a teacher can look into a doubt about a class."),
    KeptKind.EVENTS: N_(
        "To see whether somebody tried to cheat the camera in a class: a moment, without picture or name."
    ),
    KeptKind.FAILURES: N_("So that nobody guesses a PIN or password. The next right one clears the count."),
    KeptKind.CODES: N_("So that a letter can be answered once. Only a digest is kept."),
    KeptKind.MESSAGES: N_(
        "Warnings to students and guardians: so that nobody is warned twice, and to show that somebody was. Goes when the student is deleted."
    ),
    KeptKind.EXPORTS: N_(
        "Only entries of the log are counted: Excel and the API's tables, everything about a student, letters. Where the files are "
        "now the kiosk cannot know; they are yours to delete."
    ),
    KeptKind.COPIES: N_(
        "The database that a restore replaced, and half-written files. Whenever a face is erased, all faces in them are erased, too."
    ),
    KeptKind.BACKUPS: N_(
        "To bring everything back after a loss. What was erased is taken out of the kiosk's own with the next one; a restore "
        "erases it again. Those made by hand are yours to delete."
    ),
    KeptKind.CONSENTS: N_("To prove who answered what to which notice. Goes when the student is deleted."),
    KeptKind.RECORDS: N_(
        "Who was in class: what the kiosk is for. When a student is deleted the counts stay, under a number that says nothing."
    ),
    KeptKind.LOG: N_("To prove who changed what. Entries are chained, so none can be taken out."),
}


def term_words(line: KeptLine) -> str:
    """How long each is kept."""
    term = line.term
    match line.kind:
        case KeptKind.FACES if term:
            return ngettext("{n} month after the last class", "{n} months after the last class", term, n=term)
        case KeptKind.FACES:
            return _("until a no")
        case KeptKind.BACKUPS:
            return ngettext("the newest one", "the newest {n}", term, n=term)
        case KeptKind.FAILURES if not term:
            return _("until the next right one")
        case KeptKind.PHONES:
            return _("until it is removed, or a new PIN")
        case KeptKind.CONSENTS | KeptKind.RECORDS:
            return _("until the student is deleted")
        case KeptKind.LOG:
            return _("no end")
    return ngettext("{n} day", "{n} days", term, n=term) if term else _("no end is set")


def next_words(line: KeptLine) -> str:
    """What goes next; empty for nothing."""
    if line.next_on is None:
        return ""
    return _("{n} on {day}", n=line.next_number, day=numeric_day(line.next_on))
