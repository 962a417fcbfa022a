"""The way from use cases of messages to their queries, which are loaded when they are first asked."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kiosk.domain.messages.mail import GivenMessage
from kiosk.storage.store import Repositories

if TYPE_CHECKING:
    from kiosk.services.messages.message_queries import MessageQueries

Given = Mapping[tuple[int, int], Mapping[str, GivenMessage]]
"""By student and course, and by address as compared: the message that was given to the server."""


def message_queries(repositories: Repositories) -> "MessageQueries":
    """The queries of this subject."""
    from kiosk.services.messages.message_queries import MessageQueries

    return MessageQueries(db_session=repositories.db_session)
