"""A new recovery passphrase where the paper with the old one is lost and the PC still works. Any thread but the window's.

The school key stays the same, so nothing is encrypted anew: only the recovery file is another one. Backups bring the recovery
file along that was there when they were made, so older ones open on another PC only with the passphrase of then.
"""

from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ForbiddenError, KioskError
from kiosk.services.people.accounts import Accounts
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.keys.recovery import new_passphrase
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _


class RecoveryRenewal:
    """Draws a passphrase, and puts it in force once somebody has written it down."""

    def __init__(self, *, keys: KeyRing, accounts: Accounts, store: Store, clock: Clock) -> None:
        self._keys = keys
        self._accounts = accounts
        self._store = store
        self._clock = clock

    def draw(self, password: str, *, actor: Actor) -> str:
        """A new passphrase, which opens nothing until `use`; the one before counts until then.

        `password` is the actor's own, asked for again; whoever has no account, such as the command line, needs none.

        Raises:
            SignInError: The password is wrong.
        """
        require(self._store, actor, Right.ADMINISTER)
        if (
            actor.user_id is not None
            and self._accounts.sign_in(actor.name, password, again=True).user_id != actor.user_id
        ):
            raise ForbiddenError(_("Somebody else is signed in."), _("Please sign in again."))
        return new_passphrase()

    def note_recovered(self, *, actor: Actor) -> None:
        """Say in the log that the school key was brought back with the passphrase."""
        require(self._store, actor, Right.ADMINISTER)
        self._store.write(
            lambda repositories: repositories.audit.add(
                self._clock.now(), actor.name, "recovery.used", "school key"
            )
        )

    def use(self, passphrase: str, *, actor: Actor) -> None:
        """Put a passphrase that `draw` gave in force, and say so in the log.

        Raises:
            StorageError: It could not be written; the one before still counts.
        """
        require(self._store, actor, Right.ADMINISTER)
        before = self._keys.recovery_file
        self._keys.lock_away(passphrase)

        def work(repositories: Repositories) -> None:
            repositories.audit.add(self._clock.now(), actor.name, "recovery.renewed", "recovery passphrase")

        try:
            self._store.write(work)
        except KioskError:
            self._keys.put_recovery(before)
            raise
