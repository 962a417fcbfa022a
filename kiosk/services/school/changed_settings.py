"""Which settings of a kiosk somebody changed, in the log. Any thread."""

from collections.abc import Callable, Iterator

from kiosk.domain.trust.rights import Actor
from kiosk.services.ports.clock import Clock
from kiosk.settings import KioskSettings
from kiosk.storage.store import Repositories, Store


def note_changed_settings(
    store: Store,
    clock: Clock,
    before: KioskSettings,
    after: KioskSettings,
    *,
    actor: Actor,
    along: Callable[[Repositories], None] | None = None,
) -> None:
    """Write an entry for each setting that is another one now, and in the same transaction what goes `along`."""
    changed = list(_changed(before, after))
    if not changed and along is None:
        return

    def work(repositories: Repositories) -> None:
        for name, words in changed:
            repositories.audit.add(clock.now(), actor.name, "setting.changed", name, words)
        if along is not None:
            along(repositories)

    store.write(work)


def _changed(before: KioskSettings, after: KioskSettings) -> Iterator[tuple[str, str]]:
    for group, values in after:
        old = getattr(before, group)
        if values == old:
            continue
        for name, value in values:
            if value != getattr(old, name):
                yield f"{group}.{name}", _said(value)


def _said(value: object) -> str:
    """The value; an address may hold a password, so of that only that there is one."""
    text = str(value)
    return "(an address)" if "://" in text else text
