"""One device, one student: whether a phone may check this student in, asked where records are made.

Runs inside the one door's transaction in the store thread, one claim after the other, so that racing claims of one
phone cannot both be its first; what was used is in the database, so a restart forgets nothing.

A browser is known by its cookie alone. Whoever deletes it, or opens a private window, is another browser here. Several new ones
at one address, one student after the other, are told to the teacher (`kiosk.domain.attendance.new_browsers`); the school can
ask for a hint at the second one already, for phones that were enrolled at the kiosk, and for a second proof
(`ProofPolicy.BOTH`).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from kiosk.domain.attendance.choices import CheckInOutcome
from kiosk.domain.attendance.incidents import DeviceUse, Incident, IncidentKind, looks_like
from kiosk.domain.attendance.new_browsers import (
    LEAST_SHARING,
    are_many,
    are_one_after_the_other,
    have_own_addresses,
)
from kiosk.domain.attendance.record import Evidence
from kiosk.settings import SchoolRules, SecondDeviceUse
from kiosk.storage.store import Repositories

LEAST_IN_ROW: Final = 3
"""So many browsers that nobody ever used, of one kind and at one address, each for another student, are told to the teacher."""

ROW_WITHIN: Final = timedelta(minutes=10)
"""Students who mark each other do so while the class begins."""


@dataclass(frozen=True, slots=True)
class DeviceVerdict:
    """Whether to go on, and what the teacher should know."""

    refusal: CheckInOutcome | None = None
    incident: Incident | None = None


def judge_device(
    repositories: Repositories, session_id: int, student_id: int, evidence: Evidence
) -> DeviceVerdict:
    """Look at the phone of a claim, remember its use, and note an incident where there is one."""
    if evidence.device is None or not evidence.method.is_scan:
        return DeviceVerdict()
    use = DeviceUse(
        session_id,
        student_id,
        evidence.device,
        evidence.address,
        evidence.agent,
        evidence.at,
        evidence.scanned_at,
    )
    uses = repositories.devices.of_device(session_id, use.device)
    other = next((one for one in uses if one.student_id != student_id), None)
    known = any(one.student_id == student_id for one in uses)
    rules = SchoolRules.from_texts(repositories.school_settings.all())
    if rules.enrolled_phones_only and not _is_enrolled(repositories, student_id, evidence):
        seen = Incident(session_id, IncidentKind.PHONE_NOT_ENROLLED, student_id, None, evidence.at)
        return DeviceVerdict(CheckInOutcome.PHONE_NOT_ENROLLED, repositories.incidents.note(seen))
    if other is not None and not known:
        return _second_student(repositories, use, other, rules.second_device_use)
    incident: Incident | None = None
    if not known:
        incident = _hint(repositories, use) if rules.same_address_hint else None
        incident = incident or _row_of_new_browsers(repositories, use)
        repositories.devices.add(use)
    return DeviceVerdict(incident=incident)


def _second_student(
    repositories: Repositories, use: DeviceUse, other: DeviceUse, rule: SecondDeviceUse
) -> DeviceVerdict:
    refusal: CheckInOutcome | None
    match rule:
        case SecondDeviceUse.REFUSE:
            refusal, kind = CheckInOutcome.DEVICE_ALREADY_USED, IncidentKind.SECOND_DEVICE_REFUSED
        case SecondDeviceUse.FLAG:
            refusal, kind = None, IncidentKind.SECOND_DEVICE_FLAGGED
        case _:
            assert_never(rule)
    incident = repositories.incidents.note(
        Incident(use.session_id, kind, use.student_id, other.student_id, use.at)
    )
    if refusal is None:
        repositories.devices.add(use)
    return DeviceVerdict(refusal, incident)


def _is_enrolled(repositories: Repositories, student_id: int, evidence: Evidence) -> bool:
    """Whether the phone was enrolled for this very student; asked at each claim, so a phone that is removed counts no more.

    One with a key counts with the key alone, whichever way it came: its cookie may have been copied.
    """
    if evidence.credential is None:
        return False
    phone = repositories.enrolled_phones.by_hash(evidence.credential)
    if phone is None or phone.student_id != student_id:
        return False
    return phone.key is None or evidence.key_shown is True


def _row_of_new_browsers(repositories: Repositories, use: DeviceUse) -> Incident | None:
    """Whether one phone whose cookies are deleted each time could mark one student after the other.

    Browsers that marked somebody in an earlier class are none of that; so a class whose phones all come through one address, with
    phones of one kind, raises it at their first class only.
    """
    if use.address is None:
        return None
    earlier = [
        one
        for one in repositories.devices.of_address(use.session_id, use.address)
        if use.at - one.at <= ROW_WITHIN and one.device != use.device
    ]
    if len({one.student_id for one in earlier}) < LEAST_IN_ROW - 1:
        return None
    browsers = {use.device, *(one.device for one in earlier)}
    new = browsers - repositories.devices.used_before(use.session_id, browsers)
    if use.device not in new:
        return None
    alike = [one for one in earlier if looks_like(use, one)]
    if (
        len({one.student_id for one in alike}) >= LEAST_IN_ROW - 1
        and len({use.device, *(one.device for one in alike)} & new) >= LEAST_IN_ROW
    ):
        return _hint(repositories, use)
    row = [*(one for one in earlier if one.device in new), use]
    if are_one_after_the_other(row) or (are_many(row) and _is_odd_here(repositories, use.address)):
        return repositories.incidents.note(
            Incident(use.session_id, IncidentKind.NEW_BROWSERS, None, None, use.at)
        )
    return None


def _is_odd_here(repositories: Repositories, address: str) -> bool:
    """Whether many new browsers at an address are not what a class behind one translator looks like."""
    if repositories.devices.most_who_came_back(address) >= LEAST_SHARING:
        return False
    return have_own_addresses(*repositories.devices.spread_without(address))


def _hint(repositories: Repositories, use: DeviceUse) -> Incident | None:
    if use.address is None:
        return None
    earlier = repositories.devices.of_address(use.session_id, use.address)
    other = next((one for one in earlier if looks_like(use, one)), None)
    if other is None:
        return None
    return repositories.incidents.note(
        Incident(use.session_id, IncidentKind.SAME_ADDRESS, use.student_id, other.student_id, use.at)
    )
