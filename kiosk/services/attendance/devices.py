"""One device, one student: whether a phone may check this student in, asked where records are made.

Runs inside the one door's transaction in the store thread, one claim after the other, so that racing claims of one
phone cannot both be its first; what was used is in the database, so a restart forgets nothing.

A browser is known by its cookie alone. Whoever deletes it, or opens a private window, is another browser here. Several new ones
of one kind at one address, one student after the other, are told to the teacher; the school can ask for a hint at the
second one already, and for a second proof (`ProofPolicy.BOTH`).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from kiosk.domain.attendance.incidents import DeviceUse, Incident, IncidentKind, looks_like
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

    refused: bool = False
    incident: Incident | None = None


def judge_device(
    repositories: Repositories, session_id: int, student_id: int, evidence: Evidence
) -> DeviceVerdict:
    """Look at the phone of a claim, remember its use, and note an incident where there is one."""
    if evidence.device is None or not evidence.method.is_scan:
        return DeviceVerdict()
    use = DeviceUse(session_id, student_id, evidence.device, evidence.address, evidence.agent, evidence.at)
    uses = repositories.devices.of_device(session_id, use.device)
    other = next((one for one in uses if one.student_id != student_id), None)
    known = any(one.student_id == student_id for one in uses)
    rules = SchoolRules.from_texts(repositories.school_settings.all())
    if other is not None and not known:
        return _second_student(repositories, use, other, rules.second_device_use)
    incident = None
    if not known:
        if rules.same_address_hint or _is_row_of_new_browsers(repositories, use):
            incident = _hint(repositories, use)
        repositories.devices.add(use)
    return DeviceVerdict(incident=incident)


def _second_student(
    repositories: Repositories, use: DeviceUse, other: DeviceUse, rule: SecondDeviceUse
) -> DeviceVerdict:
    match rule:
        case SecondDeviceUse.REFUSE:
            refused, kind = True, IncidentKind.SECOND_DEVICE_REFUSED
        case SecondDeviceUse.FLAG:
            refused, kind = False, IncidentKind.SECOND_DEVICE_FLAGGED
        case _:
            assert_never(rule)
    incident = repositories.incidents.note(
        Incident(use.session_id, kind, use.student_id, other.student_id, use.at)
    )
    if not refused:
        repositories.devices.add(use)
    return DeviceVerdict(refused, incident)


def _is_row_of_new_browsers(repositories: Repositories, use: DeviceUse) -> bool:
    """Whether one phone whose cookies are deleted each time could mark one student after the other.

    Browsers that marked somebody in an earlier class are none of that; so a class whose phones all come through one address raises
    it at their first class only.
    """
    if use.address is None:
        return False
    earlier = [
        one
        for one in repositories.devices.of_address(use.session_id, use.address)
        if looks_like(use, one) and use.at - one.at <= ROW_WITHIN
    ]
    if len({one.student_id for one in earlier}) < LEAST_IN_ROW - 1:
        return False
    browsers = {use.device, *(one.device for one in earlier)}
    new = browsers - repositories.devices.used_before(use.session_id, browsers)
    return use.device in new and len(new) >= LEAST_IN_ROW


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
