"""Re-checks in mid-class, and who showed up in them.

Revision 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make places for them; nobody was asked to show up again yet."""
    op.create_table(
        "rechecks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meaning", sa.String(length=16), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("disturbance", sa.String(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.String(), nullable=False),
        sa.CheckConstraint("meaning IN ('noted', 'late', 'absent')", name=op.f("ck_rechecks_meaning")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["class_sessions.id"], name=op.f("fk_rechecks_session_id_class_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rechecks")),
    )
    op.create_index(op.f("ix_rechecks_session_id"), "rechecks", ["session_id"], unique=False)
    op.create_table(
        "recheck_students",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recheck_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("set_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recheck_id"], ["rechecks.id"], name=op.f("fk_recheck_students_recheck_id_rechecks")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_recheck_students_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck_students")),
        sa.UniqueConstraint(
            "recheck_id", "student_id", name=op.f("uq_recheck_students_recheck_id_student_id")
        ),
    )
    op.create_index(op.f("ix_recheck_students_student_id"), "recheck_students", ["student_id"], unique=False)


def downgrade() -> None:
    """Forget them; what they set of records stays."""
    op.drop_table("recheck_students")
    op.drop_table("rechecks")
