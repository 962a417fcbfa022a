"""Which courses each account teaches, for the list of accounts. Any thread but the window's."""

from collections.abc import Mapping

from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.core import Core
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories


class StaffCourses:
    """Reads it."""

    def __init__(self, core: Core) -> None:
        self._store = core.store

    def by_account(self, *, actor: Actor) -> Mapping[int, tuple[str, ...]]:
        """Codes of the courses by user id; accounts that teach none are missing."""
        require(self._store, actor, Right.ADMINISTER)

        def query(repositories: Repositories) -> Mapping[int, tuple[str, ...]]:
            from kiosk.services.courses.teacher_queries import TeacherQueries

            return TeacherQueries(db_session=repositories.db_session).codes_by_user()

        return self._store.read(query)
