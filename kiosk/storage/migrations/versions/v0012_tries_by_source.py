"""Wrong tries are kept under keyed digests, and two more kinds of incidents.

Revision 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KIND = "ck_incidents_kind"
_OLD = (
    "'second_device_refused', 'second_device_flagged', 'same_address', 'sign_in_rests', 'outside_network', "
    "'expired_codes', 'foreign_codes', 'mistyped_codes', 'clock_moved'"
)
_NEW = f"{_OLD}, 'many_scans', 'guessed_pins'"


def upgrade() -> None:
    """Forget what was typed: it stood there in clear, and nobody stays locked out by what was counted for everybody."""
    op.execute("DELETE FROM login_failures")
    _allow(before=_OLD, after=_NEW)


def downgrade() -> None:
    """The version before does not know the digests."""
    op.execute("DELETE FROM login_failures")
    op.execute("DELETE FROM incidents WHERE kind IN ('many_scans', 'guessed_pins')")
    _allow(before=_NEW, after=_OLD)


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
