"""Saved views of the records, and indices for lists of all records and of the log.

Revision 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make places for views; make the lists quick."""
    op.create_index(
        "ix_attendance_records_list",
        "attendance_records",
        ["session_id", "status", "method", "version", "student_id"],
    )
    op.create_index(op.f("ix_audit_action_subject"), "audit", ["action", "subject"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_saved_views_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(op.f("ix_saved_views_owner_id"), "saved_views", ["owner_id"])
    op.create_table(
        "default_views",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_default_views_user_id_users")),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_views.id"], name=op.f("fk_default_views_view_id_saved_views")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_default_views")),
    )
    op.create_index(op.f("ix_default_views_view_id"), "default_views", ["view_id"])


def downgrade() -> None:
    """Forget views, and the indices."""
    op.drop_index(op.f("ix_default_views_view_id"), "default_views")
    op.drop_table("default_views")
    op.drop_index(op.f("ix_saved_views_owner_id"), "saved_views")
    op.drop_table("saved_views")
    op.drop_index(op.f("ix_audit_action_subject"), "audit")
    op.drop_index("ix_attendance_records_list", "attendance_records")
