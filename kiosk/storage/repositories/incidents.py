"""Uses of devices and incidents in the database. Runs inside the caller's transaction."""

from collections.abc import Collection
from datetime import UTC, timedelta

from sqlalchemy import distinct, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from kiosk.domain.attendance.incidents import DeviceUse, Incident, IncidentKind
from kiosk.storage.database.tables import ClassSessionRow, DeviceUseRow, IncidentRow
from kiosk.storage.repositories.repository import Repository


class DeviceUses(Repository):
    """Which browser checked whom in."""

    def of_device(self, session_id: int, device: str) -> list[DeviceUse]:
        """Oldest first."""
        wanted = select(DeviceUseRow).where(
            DeviceUseRow.session_id == session_id, DeviceUseRow.device == device
        )
        return [_use_of(row) for row in self._db_session.exec(wanted.order_by(col(DeviceUseRow.id)))]

    def of_address(self, session_id: int, address: str) -> list[DeviceUse]:
        """Oldest first."""
        wanted = select(DeviceUseRow).where(
            DeviceUseRow.session_id == session_id, DeviceUseRow.address == address
        )
        return [_use_of(row) for row in self._db_session.exec(wanted.order_by(col(DeviceUseRow.id)))]

    def used_before(self, session_id: int, devices: Collection[str]) -> set[str]:
        """Those of these browsers that checked somebody in in another session."""
        wanted = select(DeviceUseRow.device).where(
            DeviceUseRow.session_id != session_id, col(DeviceUseRow.device).in_(devices)
        )
        return set(self._db_session.exec(wanted.distinct()))

    def most_who_came_back(self, address: str) -> int:
        """How many students at most checked in from an address in one class, each with a browser that also did in another one."""
        uses, other = DeviceUseRow, aliased(DeviceUseRow)
        came_back = (
            select(other.id).where(other.device == uses.device, other.session_id != uses.session_id).exists()
        )
        by_class = (
            select(func.count(distinct(col(uses.student_id))).label("students"))
            .where(uses.address == address, came_back)
            .group_by(col(uses.session_id))
            .subquery()
        )
        return self._db_session.exec(select(func.max(by_class.c.students))).one() or 0

    def spread_without(self, address: str) -> tuple[int, int]:
        """How many addresses and how many browsers checked somebody in, an address left out."""
        uses = DeviceUseRow
        counted = select(
            func.count(distinct(col(uses.address))), func.count(distinct(col(uses.device)))
        ).where(col(uses.address).is_not(None), col(uses.address) != address)
        addresses, browsers = self._db_session.exec(counted).one()
        return addresses, browsers

    def add(self, use: DeviceUse) -> None:
        """Once for each session, device and student."""
        row = DeviceUseRow(
            session_id=use.session_id,
            student_id=use.student_id,
            device=use.device,
            address=use.address,
            agent=use.agent,
            at=use.at,
            scanned_at=use.scanned_at,
        )
        self._insert(row)


class NotedIncidents(Repository):
    """What a teacher should know about a class session."""

    def note(self, incident: Incident) -> Incident:
        """Raises NotFoundError when the session does not exist."""
        self._take_turns(f"incidents {incident.session_id}")
        wanted = select(IncidentRow).where(
            IncidentRow.session_id == incident.session_id,
            IncidentRow.kind == incident.kind.value,
            col(IncidentRow.student_id).is_not_distinct_from(incident.student_id),
            col(IncidentRow.other_id).is_not_distinct_from(incident.other_id),
        )
        row = self._db_session.exec(wanted).first()
        if row is not None:
            row.times += incident.times
            row.at = incident.at
            self._db_session.flush()
            return self._incident_of(row)
        row = IncidentRow(
            session_id=incident.session_id,
            kind=incident.kind.value,
            student_id=incident.student_id,
            other_id=incident.other_id,
            at=incident.at,
            times=incident.times,
        )
        self._insert(row, (ClassSessionRow, incident.session_id))
        return self._incident_of(row)

    def of_session(self, session_id: int) -> list[Incident]:
        """Those seen longest ago first."""
        wanted = select(IncidentRow).where(IncidentRow.session_id == session_id)
        ordered = wanted.order_by(col(IncidentRow.at), col(IncidentRow.id))
        return [self._incident_of(row) for row in self._db_session.exec(ordered)]

    def _incident_of(self, row: IncidentRow) -> Incident:
        moved_s = 0.0
        if row.kind == IncidentKind.CLOCK_MOVED.value:
            moved_s = self._get(ClassSessionRow, row.session_id).clock_moved_s
        return Incident(
            row.session_id,
            IncidentKind(row.kind),
            row.student_id,
            row.other_id,
            row.at.astimezone(UTC),
            row.times,
            timedelta(seconds=moved_s),
        )


def _use_of(row: DeviceUseRow) -> DeviceUse:
    return DeviceUse(
        row.session_id,
        row.student_id,
        row.device,
        row.address,
        row.agent,
        row.at.astimezone(UTC),
        row.scanned_at.astimezone(UTC) if row.scanned_at else None,
    )
