"""The first schema.

Revision 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_folded", sa.String(length=128), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("code_folded", name=op.f("uq_courses_code_folded")),
    )
    op.create_table(
        "erased_keys",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_erased_keys")),
    )
    op.create_table(
        "login_failures",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_login_failures_failures")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_login_failures")),
    )
    op.create_table(
        "school_settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_school_settings")),
    )
    op.create_table(
        "store_facts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_store_facts")),
    )
    op.create_table(
        "students",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_no", sa.String(length=32), nullable=False),
        sa.Column("student_no_folded", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("full_name_folded", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_students")),
        sa.UniqueConstraint("student_no_folded", name=op.f("uq_students_student_no_folded")),
    )
    op.create_index(op.f("ix_students_full_name_folded"), "students", ["full_name_folded"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('teacher', 'admin')", name=op.f("ck_users_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_users_name_folded")),
    )
    op.create_table(
        "class_sessions",
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
        sa.CheckConstraint("liveness IN ('off', 'passive')", name=op.f("ck_class_sessions_liveness")),
        sa.CheckConstraint("policy IN ('either', 'face', 'phone')", name=op.f("ck_class_sessions_policy")),
        sa.CheckConstraint("late_after_s >= 0", name=op.f("ck_class_sessions_late_after_s")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_class_sessions_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_sessions")),
    )
    op.create_index(
        op.f("ix_class_sessions_course_id_started_at"),
        "class_sessions",
        ["course_id", "started_at"],
        unique=False,
    )
    op.create_index(op.f("ix_class_sessions_started_at"), "class_sessions", ["started_at"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('face_recognition')", name=op.f("ck_consents_kind")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_consents_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(
        op.f("ix_consents_student_id_kind_recorded_at"),
        "consents",
        ["student_id", "kind", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint('"until" IS NULL OR "until" > since', name=op.f("ck_registrations_period")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_registrations_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_registrations_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint(
            "course_id", "student_id", "since", name=op.f("uq_registrations_course_id_student_id_since")
        ),
    )
    op.create_index(op.f("ix_registrations_student_id"), "registrations", ["student_id"], unique=False)
    op.create_table(
        "student_keys",
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_student_keys_student_id_students")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_student_keys")),
        sa.UniqueConstraint("key_id", name=op.f("uq_student_keys_key_id")),
    )
    op.create_table(
        "attendance_records",
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
    )
    op.create_index(
        op.f("ix_attendance_records_student_id"), "attendance_records", ["student_id"], unique=False
    )
    op.create_table(
        "face_samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_picture", sa.LargeBinary(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student_keys.student_id"], name=op.f("fk_face_samples_student_id_student_keys")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_samples")),
        sa.UniqueConstraint("digest", name=op.f("uq_face_samples_digest")),
        sa.UniqueConstraint("id", "student_id", name=op.f("uq_face_samples_id_student_id")),
    )
    op.create_index(op.f("ix_face_samples_student_id"), "face_samples", ["student_id"], unique=False)
    op.create_table(
        "face_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("sealed_vector", sa.LargeBinary(), nullable=False),
        sa.Column("quality", sa.Float(), nullable=False),
        sa.CheckConstraint("quality >= 0 AND quality <= 1", name=op.f("ck_face_templates_quality")),
        sa.ForeignKeyConstraint(
            ["sample_id", "student_id"],
            ["face_samples.id", "face_samples.student_id"],
            name=op.f("fk_face_templates_sample_id_student_id_face_samples"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_templates")),
    )
    op.create_index(
        op.f("ix_face_templates_model_student_id"), "face_templates", ["model", "student_id"], unique=False
    )
    op.create_index(op.f("ix_face_templates_sample_id"), "face_templates", ["sample_id"], unique=False)
    op.create_table(
        "record_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "method IN ('face', 'phone', 'pass', 'manual')", name=op.f("ck_record_history_method")
        ),
        sa.CheckConstraint(
            "status IN ('present', 'late', 'excused', 'absent')", name=op.f("ck_record_history_status")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["attendance_records.id"],
            name=op.f("fk_record_history_record_id_attendance_records"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_history")),
        sa.UniqueConstraint("record_id", "version", name=op.f("uq_record_history_record_id_version")),
    )


def downgrade() -> None:
    """Drop all tables."""
    op.drop_table("record_history")
    op.drop_table("face_templates")
    op.drop_table("face_samples")
    op.drop_table("attendance_records")
    op.drop_table("student_keys")
    op.drop_table("registrations")
    op.drop_table("consents")
    op.drop_table("class_sessions")
    op.drop_table("users")
    op.drop_table("students")
    op.drop_table("store_facts")
    op.drop_table("school_settings")
    op.drop_table("login_failures")
    op.drop_table("erased_keys")
    op.drop_table("courses")
    op.drop_table("audit_head")
    op.drop_table("audit")
