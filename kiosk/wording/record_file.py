"""One record in plain words: what proved it, how it was changed, what the student said. Pure; any thread.

Figures of recognition stand here only behind the words that explain them.
"""

from datetime import tzinfo
from typing import assert_never

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.records.objections import Objection
from kiosk.translation import _, ngettext
from kiosk.wording.actors import actor_name
from kiosk.wording.attendance import method_words, status_title
from kiosk.wording.dates import clock_seconds, clock_time, date_and_time, day_of
from kiosk.wording.incidents import clock_ahead
from kiosk.wording.objections import objection_words
from kiosk.wording.settings import model_title


def proof_sentence(proof: Evidence, zone: tzinfo) -> str:
    """What one proof was, without its time; several sentences where there is more to say."""
    match proof.method:
        case Method.FACE:
            said = _face_sentences(proof, zone)
        case Method.PHONE:
            said = _phone_sentences(proof, zone)
        case Method.PASS:
            said = [_("The student held the own pass up to the camera.")]
        case Method.MANUAL:
            said = _hand_sentences(proof, zone)
        case _:
            assert_never(proof.method)
    if proof.clock_moved_s is not None:
        ahead = clock_ahead(proof.clock_moved_s)
        said.append(f"{ahead[:1].upper()}{ahead[1:]}.")
    return " ".join(said)


def proof_time(proof: Evidence, zone: tzinfo) -> str:
    """When a proof was given: to the second, and with its day where a hand may have written it later."""
    if proof.method is Method.MANUAL:
        return date_and_time(proof.at, zone)
    return clock_seconds(proof.at, zone)


def standing(record: AttendanceRecord) -> str:
    """Status and method, such as *Present, by face*."""
    title = status_title(record.shown)
    match record.method:
        case None:
            return title
        case Method.MANUAL:
            return _("{status}, by hand", status=title)
        case Method.FACE | Method.PHONE | Method.PASS:
            return _("{status}, by {method}", status=title, method=method_words(record.method).word)
        case _:
            assert_never(record.method)


def change_sentence(before: AttendanceRecord, after: AttendanceRecord) -> str:
    """What a change made of a record."""
    return f"{standing(before)} → {standing(after)}"


def answer_sentence(message: Objection, zone: tzinfo) -> str:
    """What became of a student's message."""
    if message.outcome is None or message.answered_at is None:
        return _("It waits for an answer.")
    who = message.answered_by or _("somebody")
    done = objection_words(message.outcome, who=who, day=day_of(message.answered_at, zone))
    return f"{done}: {message.answer}" if message.answer else f"{done}."


def _face_sentences(proof: Evidence, zone: tzinfo) -> list[str]:
    said = [_("The camera recognised the student’s face.")]
    if proof.votes is not None:
        said.append(
            ngettext(
                "{n} picture agreed.", "{n} pictures agreed with each other.", proof.votes, n=proof.votes
            )
        )
    if proof.first_seen_at is not None and proof.first_seen_at != proof.at:
        said.append(_("It was first seen at {time}.", time=clock_seconds(proof.first_seen_at, zone)))
    if proof.margin is not None:
        said.append(_("Nobody else in this course looked as much like it."))
    if proof.distance is not None:
        figure = f"{proof.distance:.2f}"
        said.append(
            _(
                "Difference from the enrolled pictures: {figure}, where 0 is the very same picture.",
                figure=figure,
            )
        )
    for part in proof.parts or ():
        figure = f"{part.distance:.2f}"
        said.append(
            _("{model} measured a difference of {figure}.", model=model_title(part.model), figure=figure)
        )
    return said


def _phone_sentences(proof: Evidence, zone: tzinfo) -> list[str]:
    said = [_("The student scanned the code and confirmed on a phone.")]
    if proof.scanned_at is not None:
        said.append(_("The code was scanned at {time}.", time=clock_seconds(proof.scanned_at, zone)))
    if proof.key_shown:
        said.append(_("The phone is the student’s enrolled one, and proved it."))
    elif proof.credential is not None:
        said.append(_("The phone is the student’s enrolled one."))
    if proof.address:
        said.append(_("It had the network address {address}.", address=proof.address))
    return said


def _hand_sentences(proof: Evidence, zone: tzinfo) -> list[str]:
    if proof.recheck is not None:
        return [_("The student did not show up in the re-check, and the school lets that count.")]
    who, why = actor_name(proof.actor or "") or _("somebody"), proof.reason or _("no reason given")
    said = (
        _("{who} took the mark back: {why}.", who=who, why=_(why))
        if proof.taken_back
        else _("{who} marked by hand: {why}.", who=who, why=_(why))
    )
    if proof.first_seen_at is None:
        return [said]
    return [said, _("The camera had seen the face at {time}.", time=clock_time(proof.first_seen_at, zone))]
