"""Phones that were enrolled at the kiosk, when a phone scanned, and two more kinds of incidents.

Revision 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_KIND = "ck_incidents_kind"
_OLD = (
    "'second_device_refused', 'second_device_flagged', 'same_address', 'sign_in_rests', 'outside_network', "
    "'expired_codes', 'foreign_codes', 'mistyped_codes', 'clock_moved', 'many_scans', 'guessed_pins'"
)
_NEW = f"{_OLD}, 'phone_not_enrolled', 'new_browsers'"


def upgrade() -> None:
    """Make places for them; no phone is enrolled yet."""
    op.create_table(
        "enrolled_phones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_enrolled_phones_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolled_phones")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_enrolled_phones_secret_hash")),
    )
    op.create_index(op.f("ix_enrolled_phones_student_id"), "enrolled_phones", ["student_id"], unique=False)
    op.add_column("device_uses", sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_device_uses_device"), "device_uses", ["device"], unique=False)
    op.create_index(op.f("ix_device_uses_address"), "device_uses", ["address"], unique=False)
    _allow(before=_OLD, after=_NEW)


def downgrade() -> None:
    """Forget them."""
    op.execute("DELETE FROM incidents WHERE kind IN ('phone_not_enrolled', 'new_browsers')")
    _allow(before=_NEW, after=_OLD)
    op.drop_index(op.f("ix_device_uses_address"), "device_uses")
    op.drop_index(op.f("ix_device_uses_device"), "device_uses")
    op.drop_column("device_uses", "scanned_at")
    op.drop_table("enrolled_phones")


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
