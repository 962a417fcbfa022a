"""Which accounts were ever assigned to a course, so that taking the last one does not show all.

Revision 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who teaches a course was assigned, and so was whom the log names as the teacher of one once."""
    op.add_column("users", sa.Column("was_assigned", sa.Boolean(), server_default=sa.false(), nullable=False))
    users = sa.table("users", sa.column("id"), sa.column("name"), sa.column("was_assigned"))
    teachers = sa.table("course_teachers", sa.column("user_id"))
    audit = sa.table("audit", sa.column("action"), sa.column("detail"))
    connection = op.get_bind()
    assigned = set(connection.scalars(sa.select(teachers.c.user_id)))
    said = connection.scalars(sa.select(audit.c.detail).where(audit.c.action == "course.teachers"))
    lists = {f", {detail}, " for detail in said}
    for user_id, name in connection.execute(sa.select(users.c.id, users.c.name)):
        if user_id in assigned or any(f", {name}, " in one for one in lists):
            connection.execute(sa.update(users).where(users.c.id == user_id).values(was_assigned=True))


def downgrade() -> None:
    """Forget it: who teaches nothing sees all again."""
    op.drop_column("users", "was_assigned")
