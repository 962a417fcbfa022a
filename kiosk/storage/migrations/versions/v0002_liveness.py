"""Sessions that ask for a head turn, and the attacks that were suspected.

Revision 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LIVENESS = "ck_class_sessions_liveness"


def upgrade() -> None:
    """Allow the mode ``active``; make a place for suspected attacks."""
    with op.batch_alter_table("class_sessions", copy_from=_class_sessions("'off', 'passive'")) as table:
        table.drop_constraint(op.f(_LIVENESS), type_="check")
        table.create_check_constraint(op.f(_LIVENESS), "liveness IN ('off', 'passive', 'active')")
    op.create_table(
        "suspected_attacks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("liveness", sa.Float(), nullable=False),
        sa.CheckConstraint("liveness >= 0 AND liveness <= 1", name=op.f("ck_suspected_attacks_liveness")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["class_sessions.id"], name=op.f("fk_suspected_attacks_session_id_class_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspected_attacks")),
    )
    op.create_index(
        op.f("ix_suspected_attacks_session_id"), "suspected_attacks", ["session_id"], unique=False
    )


def downgrade() -> None:
    """Forget suspected attacks; sessions that asked for a head turn count as passive."""
    op.drop_table("suspected_attacks")
    op.execute("UPDATE class_sessions SET liveness = 'passive' WHERE liveness = 'active'")
    with op.batch_alter_table(
        "class_sessions", copy_from=_class_sessions("'off', 'passive', 'active'")
    ) as table:
        table.drop_constraint(op.f(_LIVENESS), type_="check")
        table.create_check_constraint(op.f(_LIVENESS), "liveness IN ('off', 'passive')")


def _class_sessions(modes: str) -> sa.Table:
    """The table as it stands before the change: SQLite copies it, and reading it back would lose its checks."""
    return sa.Table(
        "class_sessions",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_after_s", sa.Float(), nullable=False),
        sa.Column("policy", sa.String(length=16), nullable=False),
        sa.Column("liveness", sa.String(length=16), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("code_key", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(f"liveness IN ({modes})", name=op.f(_LIVENESS)),
        sa.CheckConstraint("policy IN ('either', 'face', 'phone')", name=op.f("ck_class_sessions_policy")),
        sa.CheckConstraint("late_after_s >= 0", name=op.f("ck_class_sessions_late_after_s")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_class_sessions_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_sessions")),
        sa.Index(op.f("ix_class_sessions_course_id_started_at"), "course_id", "started_at"),
        sa.Index(op.f("ix_class_sessions_started_at"), "started_at"),
    )
