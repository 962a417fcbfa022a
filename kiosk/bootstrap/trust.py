"""Wires tokens, the log and the recovery passphrase."""

from kiosk.services.app import PeopleCases, TrustCases
from kiosk.services.core import Core
from kiosk.services.trust.api_tokens import ApiTokens
from kiosk.services.trust.audit import Audit
from kiosk.storage.keys.key_ring import KeyRing


def build_trust(core: Core, people: PeopleCases, keys: KeyRing, *, for_window: bool) -> TrustCases:
    """Wire it over a store; makes a recovery passphrase where nobody may have seen one yet."""
    unseen = not keys.has_recovery or (for_window and people.accounts.needs_first_admin())
    return TrustCases(
        api_tokens=ApiTokens(store=core.store, clock=core.clock),
        audit=Audit(store=core.store),
        recovery_passphrase=keys.create_recovery() if unseen else None,
    )
