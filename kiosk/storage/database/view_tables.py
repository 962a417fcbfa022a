"""Tables about how people look at records: views that they gave a name. Rows never leave storage and the queries of services."""

from datetime import datetime

from sqlmodel import Field

from kiosk.storage.database.columns import UtcDateTime
from kiosk.storage.database.row import Row


class SavedViewRow(Row, table=True):
    """What is asked of the list of records, under a name: of one account, or shared with all."""

    __tablename__ = "saved_views"

    id: int = Field(default=None, primary_key=True)
    name: str
    owner_id: int | None = Field(default=None, foreign_key="users.id", index=True)
    is_shared: bool
    question: str
    saved_at: datetime = Field(sa_type=UtcDateTime)


class DefaultViewRow(Row, table=True):
    """The view with which the list opens for an account."""

    __tablename__ = "default_views"

    user_id: int = Field(foreign_key="users.id", primary_key=True, sa_column_kwargs={"autoincrement": False})
    view_id: int = Field(foreign_key="saved_views.id", index=True)
