"""What the school's own system knows students by.

Revision 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make a place for it; the next list fills it."""
    op.add_column("students", sa.Column("system_id", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("students", "system_id")
