"""Absences that somebody announced beforehand.

Revision 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make a place for them; nobody announced any yet."""
    op.create_table(
        "planned_absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_planned_absences_days")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_planned_absences_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_absences")),
    )
    op.create_index(op.f("ix_planned_absences_student_id"), "planned_absences", ["student_id"], unique=False)
    op.create_index(op.f("ix_planned_absences_last_day"), "planned_absences", ["last_day"], unique=False)


def downgrade() -> None:
    """Forget them; records that they excused stay excused."""
    op.drop_table("planned_absences")
