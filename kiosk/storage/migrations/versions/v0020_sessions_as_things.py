"""What a class session is besides its times: note, room, whether it was cancelled, added afterwards, opened again, or deleted.

Revision 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WORDS = ("note", "room", "cancelled_by", "cancel_reason", "deleted_by")
_MOMENTS = ("cancelled_at", "added_at", "reopened_until", "deleted_at")


def upgrade() -> None:
    """Make places for it; every session that is there counts, and was held with the kiosk."""
    for name in _WORDS:
        op.add_column("class_sessions", sa.Column(name, sa.String(), server_default="", nullable=False))
    for name in _MOMENTS:
        op.add_column("class_sessions", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget it: what was deleted or cancelled counts again, for an older program knows neither."""
    for name in (*_MOMENTS, *_WORDS):
        op.drop_column("class_sessions", name)
