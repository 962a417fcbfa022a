"""Wires tokens, the log, backups, checks of the database and the recovery passphrase."""

from pathlib import Path

from kiosk.bootstrap.health import KioskHealth, Place
from kiosk.pipeline.backup_worker import BackupWorker
from kiosk.services.app import AttendanceCases, PeopleCases, TrustCases
from kiosk.services.core import Core
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.trust.api_tokens import ApiTokens
from kiosk.services.trust.audit import Audit
from kiosk.services.trust.audit_list import AuditList
from kiosk.services.trust.backup_rounds import BackupRounds
from kiosk.services.trust.backups import Backups
from kiosk.services.trust.database_checks import DatabaseChecks
from kiosk.services.trust.health import Health
from kiosk.services.trust.recovery import RecoveryRenewal
from kiosk.storage.database.page_check import PageCheck
from kiosk.storage.keys.key_ring import KeyRing


def build_trust(
    core: Core,
    attendance: AttendanceCases,
    people: PeopleCases,
    keys: KeyRing,
    database: Path | None,
    backups: Backups,
    here: Place,
    *,
    for_window: bool,
) -> TrustCases:
    """Wire it over a store; makes a recovery passphrase where nobody may have seen one yet."""
    unseen = not keys.has_recovery or (for_window and people.accounts.needs_first_admin())
    return TrustCases(
        api_tokens=ApiTokens(store=core.store, clock=core.clock),
        audit=Audit(store=core.store),
        log=AuditList(core),
        health=Health(store=core.store, checks=KioskHealth(here)),
        backups=backups,
        database=DatabaseChecks(
            pages=PageCheck(database),
            store=core.store,
            clock=core.clock,
            running=attendance.running,
            events=core.events,
        ),
        recovery=RecoveryRenewal(keys=keys, accounts=people.accounts, store=core.store, clock=core.clock),
        recovery_passphrase=keys.create_recovery() if unseen else None,
    )


def build_backups(core: Core, database: Path | None, settings: StoredSettings) -> Backups:
    """Wire backups; making it reads nothing."""
    from kiosk.storage.backup.vault import BackupVault

    return Backups(
        vault=BackupVault(data_dir=core.directories.data, database=database),
        data_dir=core.directories.data,
        store=core.store,
        clock=core.clock,
        settings=settings,
        events=core.events,
    )


def build_backup_worker(
    core: Core, attendance: AttendanceCases, people: PeopleCases, backups: Backups, settings: StoredSettings
) -> BackupWorker:
    """What makes backups after classes and at night."""
    rounds = BackupRounds(
        backups=backups,
        running=attendance.running,
        clock=core.clock,
        zone=core.zone,
        settings=settings,
        events=core.events,
        is_new_school=people.accounts.needs_first_admin,
    )
    return BackupWorker(rounds=rounds, events=core.events)
