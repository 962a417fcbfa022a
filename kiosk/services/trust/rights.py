"""Rights checked by the present state of an account, which somebody may have closed since its owner signed in."""

from kiosk.domain.trust.rights import Actor, Right
from kiosk.storage.store import Repositories, Store


def require(store: Store, actor: Actor, right: Right) -> None:
    """Refuse what `actor` may not do now; reads one row, and none for whoever has no account.

    Raises:
        ForbiddenError: The actor does not have the right.
    """
    if actor.user_id is None:
        actor.require(right)
    else:
        store.read(lambda repositories: require_within(repositories, actor, right))


def require_within(repositories: Repositories, actor: Actor, right: Right) -> None:
    """The same inside the caller's transaction."""
    if actor.user_id is not None:
        actor = Actor.of(repositories.users.get(actor.user_id))
    actor.require(right)
