"""Which accounts teach a course.

Revision 0017.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make a place for them; nobody is named yet, so every teacher goes on seeing every course."""
    op.create_table(
        "course_teachers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_teachers_course_id_courses")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_course_teachers_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_teachers")),
        sa.UniqueConstraint("course_id", "user_id", name=op.f("uq_course_teachers_course_id_user_id")),
    )
    op.create_index(op.f("ix_course_teachers_user_id"), "course_teachers", ["user_id"], unique=False)


def downgrade() -> None:
    """Forget them."""
    op.drop_index(op.f("ix_course_teachers_user_id"), "course_teachers")
    op.drop_table("course_teachers")
