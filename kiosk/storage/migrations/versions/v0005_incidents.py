"""Which browser checked whom in, and the incidents that a teacher sees.

Revision 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('second_device_refused', 'second_device_flagged', 'same_address', 'sign_in_rests', 'outside_network')"


def upgrade() -> None:
    """Make a place for uses of devices and for incidents."""
    op.create_table(
        "device_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("agent", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["class_sessions.id"], name=op.f("fk_device_uses_session_id_class_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_device_uses_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_uses")),
        sa.UniqueConstraint(
            "session_id", "device", "student_id", name=op.f("uq_device_uses_session_id_device_student_id")
        ),
    )
    op.create_index(op.f("ix_device_uses_student_id"), "device_uses", ["student_id"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint(_KINDS, name=op.f("ck_incidents_kind")),
        sa.CheckConstraint("times >= 1", name=op.f("ck_incidents_times")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["class_sessions.id"], name=op.f("fk_incidents_session_id_class_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_incidents_student_id_students")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["students.id"], name=op.f("fk_incidents_other_id_students")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_session_id"), "incidents", ["session_id"], unique=False)
    op.create_index(op.f("ix_incidents_student_id"), "incidents", ["student_id"], unique=False)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("incidents")
    op.drop_table("device_uses")
