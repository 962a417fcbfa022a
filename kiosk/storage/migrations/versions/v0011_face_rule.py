"""How the school uses faces: schools that are there keep what they have had so far.

Revision 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SETTINGS = sa.table("school_settings", sa.column("name", sa.String), sa.column("value", sa.String))
_NAMES = ("faces.rule", "faces.chosen_by", "faces.chosen_at", "faces.asked_at")


def upgrade() -> None:
    """Keep *walk past* wherever anybody or anything is: a database without is new, and its school chooses."""
    connection = op.get_bind()
    in_use = any(
        connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1))
        for name in ("users", "students", "courses", "audit")
    )
    if in_use:
        op.execute(_SETTINGS.insert().values(name="faces.rule", value="walk_past"))


def downgrade() -> None:
    """Forget it: an older program lets everybody walk past."""
    op.execute(_SETTINGS.delete().where(_SETTINGS.c.name.in_(_NAMES)))
