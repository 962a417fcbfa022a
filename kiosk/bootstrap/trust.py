"""Wires tokens, the log, checks of the database and the recovery passphrase."""

from pathlib import Path

from kiosk.services.app import AttendanceCases, PeopleCases, TrustCases
from kiosk.services.core import Core
from kiosk.services.trust.api_tokens import ApiTokens
from kiosk.services.trust.audit import Audit
from kiosk.services.trust.database_checks import DatabaseChecks
from kiosk.storage.database.page_check import PageCheck
from kiosk.storage.keys.key_ring import KeyRing


def build_trust(
    core: Core,
    attendance: AttendanceCases,
    people: PeopleCases,
    keys: KeyRing,
    database: Path | None,
    *,
    for_window: bool,
) -> TrustCases:
    """Wire it over a store; makes a recovery passphrase where nobody may have seen one yet."""
    unseen = not keys.has_recovery or (for_window and people.accounts.needs_first_admin())
    return TrustCases(
        api_tokens=ApiTokens(store=core.store, clock=core.clock),
        audit=Audit(store=core.store),
        database=DatabaseChecks(
            pages=PageCheck(database),
            store=core.store,
            clock=core.clock,
            running=attendance.running,
            events=core.events,
        ),
        recovery_passphrase=keys.create_recovery() if unseen else None,
    )
