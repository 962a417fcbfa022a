"""Sessions that demand two proofs, claims that wait for the second, and what each record's session demanded.

Revision 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_POLICY = "ck_class_sessions_policy"
_OLD = "policy IN ('either', 'face', 'phone')"
_NEW = "policy IN ('either', 'face', 'phone', 'both', 'spot_check')"
_RECORD_POLICY = "ck_attendance_records_policy"


def upgrade() -> None:
    """Allow ``both`` and ``spot_check``, make a place for claims, and note on each record what its session demanded."""
    with op.batch_alter_table("class_sessions", copy_from=_class_sessions(_OLD)) as table:
        table.drop_constraint(op.f(_POLICY), type_="check")
        table.create_check_constraint(op.f(_POLICY), _NEW)
    op.add_column("attendance_records", sa.Column("policy", sa.String(length=16), nullable=True))
    op.execute(
        "UPDATE attendance_records SET policy = COALESCE((SELECT class_sessions.policy FROM class_sessions "
        "WHERE class_sessions.id = attendance_records.session_id), 'either')"
    )
    records = _records(sa.Column("policy", sa.String(length=16), nullable=True))
    with op.batch_alter_table("attendance_records", copy_from=records) as table:
        table.alter_column("policy", existing_type=sa.String(length=16), nullable=False)
        table.create_check_constraint(op.f(_RECORD_POLICY), _NEW)
    op.create_table(
        "pending_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("awaits", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("awaits IN ('face', 'eye', 'phone')", name=op.f("ck_pending_claims_awaits")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["class_sessions.id"], name=op.f("fk_pending_claims_session_id_class_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_pending_claims_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_claims")),
        sa.UniqueConstraint("session_id", "student_id", name=op.f("uq_pending_claims_session_id_student_id")),
    )
    op.create_index(op.f("ix_pending_claims_student_id"), "pending_claims", ["student_id"], unique=False)


def downgrade() -> None:
    """Forget claims; sessions that demanded two proofs count as ``either``."""
    op.drop_table("pending_claims")
    records = _records(
        sa.Column("policy", sa.String(length=16), nullable=False),
        sa.CheckConstraint(_NEW, name=op.f(_RECORD_POLICY)),
    )
    with op.batch_alter_table("attendance_records", copy_from=records) as table:
        table.drop_constraint(op.f(_RECORD_POLICY), type_="check")
        table.drop_column("policy")
    op.execute("UPDATE class_sessions SET policy = 'either' WHERE policy IN ('both', 'spot_check')")
    with op.batch_alter_table("class_sessions", copy_from=_class_sessions(_NEW)) as table:
        table.drop_constraint(op.f(_POLICY), type_="check")
        table.create_check_constraint(op.f(_POLICY), _OLD)


def _class_sessions(policies: str) -> sa.Table:
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
        sa.CheckConstraint(policies, name=op.f(_POLICY)),
        sa.CheckConstraint("late_after_s >= 0", name=op.f("ck_class_sessions_late_after_s")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_class_sessions_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_sessions")),
        sa.Index(op.f("ix_class_sessions_course_id_started_at"), "course_id", "started_at"),
        sa.Index(op.f("ix_class_sessions_started_at"), "started_at"),
    )


def _records(*more: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(
        "attendance_records",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "method IN ('face', 'phone', 'pass', 'manual')", name=op.f("ck_attendance_records_method")
        ),
        sa.CheckConstraint(
            "status IN ('present', 'late', 'excused', 'absent')", name=op.f("ck_attendance_records_status")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_attendance_records_version")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["class_sessions.id"],
            name=op.f("fk_attendance_records_session_id_class_sessions"),
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_attendance_records_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_records")),
        sa.UniqueConstraint(
            "session_id", "student_id", name=op.f("uq_attendance_records_session_id_student_id")
        ),
        sa.Index(op.f("ix_attendance_records_student_id"), "student_id"),
        *more,
    )
