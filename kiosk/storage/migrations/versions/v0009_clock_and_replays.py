"""By how much the PC's clock was moved while a class was open, and which classes a replay made.

Revision 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KIND = "ck_incidents_kind"
_OLD = (
    "'second_device_refused', 'second_device_flagged', 'same_address', 'sign_in_rests', 'outside_network', "
    "'expired_codes', 'foreign_codes', 'mistyped_codes'"
)


def upgrade() -> None:
    """Make a place for both, and allow the new kind of incident."""
    op.add_column(
        "class_sessions", sa.Column("clock_moved_s", sa.Float(), server_default="0", nullable=False)
    )
    op.add_column(
        "class_sessions", sa.Column("is_replay", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    _allow(before=_OLD, after=f"{_OLD}, 'clock_moved'")


def downgrade() -> None:
    """Forget both."""
    op.execute("DELETE FROM incidents WHERE kind = 'clock_moved'")
    _allow(before=f"{_OLD}, 'clock_moved'", after=_OLD)
    op.drop_column("class_sessions", "is_replay")
    op.drop_column("class_sessions", "clock_moved_s")


def _allow(*, before: str, after: str) -> None:
    with op.batch_alter_table("incidents", copy_from=_incidents(before)) as table:
        table.drop_constraint(op.f(_KIND), type_="check")
        table.create_check_constraint(op.f(_KIND), f"kind IN ({after})")


def _incidents(kinds: str) -> sa.Table:
    """The table as it stands before the change: SQLite copies it, and reading it back would lose its checks."""
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
