"""Words of calendars that timetables come in. Pure; any thread."""

from datetime import tzinfo

from kiosk.domain.courses.calendars import CalendarChanges, CalendarMeeting, CalendarNotes
from kiosk.translation import _, ngettext
from kiosk.wording.dates import day_and_time


def changes_words(changes: CalendarChanges) -> str:
    """What taking a calendar would change, in a sentence."""
    if not changes.any:
        return ngettext(
            "Nothing changes: {n} meeting is as it was.",
            "Nothing changes: {n} meetings are as they were.",
            changes.same,
            n=changes.same,
        )
    return _(
        "{new} new, {changed} changed, {gone} gone, {same} as they were.",
        new=len(changes.new),
        changed=len(changes.changed),
        gone=len(changes.gone),
        same=changes.same,
    )


def notes_words(notes: CalendarNotes) -> list[str]:
    """What of a calendar is not taken, a sentence each."""
    said = [
        (
            notes.whole_day,
            ngettext(
                "{n} entry for whole days is no class.",
                "{n} entries for whole days are no classes.",
                notes.whole_day,
                n=notes.whole_day,
            ),
        ),
        (
            notes.cancelled,
            ngettext("{n} is cancelled.", "{n} are cancelled.", notes.cancelled, n=notes.cancelled),
        ),
        (
            notes.odd_length,
            ngettext(
                "{n} says no length, or one of a day and more.",
                "{n} say no length, or one of a day and more.",
                notes.odd_length,
                n=notes.odd_length,
            ),
        ),
        (
            notes.too_often,
            ngettext(
                "{n} is repeated in a way that no class is.",
                "{n} are repeated in a way that no class is.",
                notes.too_often,
                n=notes.too_often,
            ),
        ),
        (
            notes.unreadable,
            ngettext("{n} cannot be read.", "{n} cannot be read.", notes.unreadable, n=notes.unreadable),
        ),
        (
            notes.same_time,
            ngettext(
                "{n} is at the same time as another.",
                "{n} are at the same time as others.",
                notes.same_time,
                n=notes.same_time,
            ),
        ),
    ]
    return [words for number, words in said if number]


def meeting_words(one: CalendarMeeting, zone: tzinfo) -> str:
    """When and where a meeting of a calendar is."""
    when = day_and_time(one.begins_at, zone)
    return f"{when} · {one.room}" if one.room else when
