"""When students left a class session, and since when they may check out of one that is open.

Revision 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make places for them; nobody has checked out yet."""
    op.add_column("class_sessions", sa.Column("check_out_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "check_outs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_version", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_check_outs_minutes")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["class_sessions.id"], name=op.f("fk_check_outs_session_id_class_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_check_outs_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_outs")),
        sa.UniqueConstraint("session_id", "student_id", name=op.f("uq_check_outs_session_id_student_id")),
    )
    op.create_index(op.f("ix_check_outs_student_id"), "check_outs", ["student_id"], unique=False)


def downgrade() -> None:
    """Forget them; everybody was there to the end again, and records that too short a stay changed stay so."""
    op.drop_table("check_outs")
    op.drop_column("class_sessions", "check_out_since")
