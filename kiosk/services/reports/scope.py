"""Which courses somebody may see in reports and exports. Runs inside the caller's view."""

from kiosk.domain.records.filters import ReportFilter
from kiosk.domain.trust.rights import Actor
from kiosk.storage.store import Repositories


def reachable(repositories: Repositories, actor: Actor) -> frozenset[int] | None:
    """Ids of the courses that somebody may see; None: all of them."""
    return None


def within(repositories: Repositories, actor: Actor, chosen: ReportFilter) -> ReportFilter:
    """The same filter, of what the actor may see."""
    return chosen
