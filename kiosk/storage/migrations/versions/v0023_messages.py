"""Guardians' addresses, who wants no messages, and the log of messages.

Revision 0023.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make places for them; nobody was written to yet."""
    op.create_table(
        "student_contacts",
        sa.Column("student_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("guardian_email", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_student_contacts_student_id_students")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_student_contacts")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.CheckConstraint("recipient IN ('student', 'guardian')", name=op.f("ck_messages_recipient")),
        sa.CheckConstraint("outcome IN ('sending', 'sent', 'refused')", name=op.f("ck_messages_outcome")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_messages_student_id_students")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_messages_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(
        op.f("ix_messages_student_id_course_id_reason_at"),
        "messages",
        ["student_id", "course_id", "reason", "at"],
        unique=False,
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_index(op.f("ix_messages_student_id_course_id_reason_at"), "messages")
    op.drop_table("messages")
    op.drop_table("student_contacts")
