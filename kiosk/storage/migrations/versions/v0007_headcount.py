"""How many people a teacher counted in a class session, and incidents about codes that were no good.

Revision 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_HEADCOUNT = "ck_class_sessions_headcount"
_COUNTED = "headcount >= 0"
_KIND = "ck_incidents_kind"
_OLD = "'second_device_refused', 'second_device_flagged', 'same_address', 'sign_in_rests', 'outside_network'"
_MORE = "'expired_codes', 'foreign_codes', 'mistyped_codes'"


def upgrade() -> None:
    """Make a place for the headcount, and allow the new kinds."""
    with op.batch_alter_table("class_sessions", copy_from=_class_sessions()) as table:
        table.add_column(sa.Column("headcount", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f(_HEADCOUNT), _COUNTED)
    with op.batch_alter_table("incidents", copy_from=_incidents(_OLD)) as table:
        table.drop_constraint(op.f(_KIND), type_="check")
        table.create_check_constraint(op.f(_KIND), f"kind IN ({_OLD}, {_MORE})")


def downgrade() -> None:
    """Forget both."""
    op.execute("DELETE FROM incidents WHERE kind IN ('expired_codes', 'foreign_codes', 'mistyped_codes')")
    with op.batch_alter_table("incidents", copy_from=_incidents(f"{_OLD}, {_MORE}")) as table:
        table.drop_constraint(op.f(_KIND), type_="check")
        table.create_check_constraint(op.f(_KIND), f"kind IN ({_OLD})")
    sessions = _class_sessions(
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.CheckConstraint(_COUNTED, name=op.f(_HEADCOUNT)),
    )
    with op.batch_alter_table("class_sessions", copy_from=sessions) as table:
        table.drop_constraint(op.f(_HEADCOUNT), type_="check")
        table.drop_column("headcount")


def _class_sessions(*more: sa.schema.SchemaItem) -> sa.Table:
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
        sa.CheckConstraint(
            "liveness IN ('off', 'passive', 'active')", name=op.f("ck_class_sessions_liveness")
        ),
        sa.CheckConstraint(
            "policy IN ('either', 'face', 'phone', 'both', 'spot_check')",
            name=op.f("ck_class_sessions_policy"),
        ),
        sa.CheckConstraint("late_after_s >= 0", name=op.f("ck_class_sessions_late_after_s")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_class_sessions_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_sessions")),
        sa.Index(op.f("ix_class_sessions_course_id_started_at"), "course_id", "started_at"),
        sa.Index(op.f("ix_class_sessions_started_at"), "started_at"),
        *more,
    )


def _incidents(kinds: str) -> sa.Table:
    return sa.Table(
        "incidents",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f(_KIND)),
        sa.CheckConstraint("times >= 1", name=op.f("ck_incidents_times")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["class_sessions.id"], name=op.f("fk_incidents_session_id_class_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_incidents_student_id_students")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["students.id"], name=op.f("fk_incidents_other_id_students")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.Index(op.f("ix_incidents_session_id"), "session_id"),
        sa.Index(op.f("ix_incidents_student_id"), "student_id"),
    )
