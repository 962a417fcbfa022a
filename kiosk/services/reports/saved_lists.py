"""Lists that somebody saves as they are shown: people, courses, records."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kiosk.domain.records.filters import ReportFilter
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import TableWriter
from kiosk.services.reports.scope import to_take_along
from kiosk.services.trust.rights import require
from kiosk.storage.store import Store


class SavedLists:
    """Writes what a list shows to a file. Slow: call from a worker thread."""

    def __init__(self, *, store: Store, clock: Clock, write: TableWriter) -> None:
        self._store = store
        self._clock = clock
        self._write = write

    def save(
        self, path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]], actor: Actor
    ) -> int:
        """Write a list as a workbook, or as CSV where the name of the file ends so; returns the number of rows.

        Raises:
            ExportError: The target cannot be written; an old file there stays as it was.
            ForbiddenError: The actor is a teacher to whom no course is assigned; who has some is shown those alone.
        """
        require(self._store, actor, Right.EXPORT)
        self._store.read(lambda repositories: to_take_along(repositories, actor, ReportFilter()))
        count = self._write(path, title=title, headings=headings, rows=rows)
        self._store.write(
            lambda repositories: repositories.audit.add(
                self._clock.now(), actor.name, "list.saved", path.name, f"{title}: {count} rows"
            )
        )
        return count
