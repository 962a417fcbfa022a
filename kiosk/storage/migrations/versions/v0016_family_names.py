"""Family names, what the screen calls students, who is inactive, and students who were merged.

Revision 0016.
"""

import sqlalchemy as sa
from alembic import op

from kiosk.domain.people.names import sort_name

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OF_STUDENT = "ix_attendance_records_student_id_status_session_id_marked_at"


def upgrade() -> None:
    """Make places for them, and sort everybody by the family name that the full name gives."""
    for name in ("family_name", "called", "sort_name_folded"):
        op.add_column("students", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column("students", sa.Column("inactive_from", sa.Date(), nullable=True))
    op.add_column("students", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    _sort_everybody()
    op.create_index(op.f("ix_students_sort_name_folded"), "students", ["sort_name_folded"], unique=False)
    op.create_index(op.f("ix_students_merged_into_id"), "students", ["merged_into_id"], unique=False)
    op.create_table(
        "student_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.String(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["students.id"], name=op.f("fk_student_merges_kept_id_students")
        ),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["students.id"], name=op.f("fk_student_merges_gone_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_merges")),
    )
    for name in ("kept_id", "gone_id"):
        op.create_index(op.f(f"ix_student_merges_{name}"), "student_merges", [name], unique=False)
    op.create_index(
        op.f(_OF_STUDENT),
        "attendance_records",
        ["student_id", "status", "session_id", "marked_at"],
        unique=False,
    )
    op.drop_index(op.f("ix_attendance_records_student_id"), table_name="attendance_records")


def downgrade() -> None:
    """Forget them; who was merged stays merged, as somebody of whom nothing is left but name and number."""
    op.create_index(
        op.f("ix_attendance_records_student_id"), "attendance_records", ["student_id"], unique=False
    )
    op.drop_index(op.f(_OF_STUDENT), table_name="attendance_records")
    op.drop_table("student_merges")
    for name in ("merged_into_id", "sort_name_folded"):
        op.drop_index(op.f(f"ix_students_{name}"), table_name="students")
    for name in ("merged_into_id", "inactive_from", "sort_name_folded", "called", "family_name"):
        op.drop_column("students", name)


def _sort_everybody() -> None:
    students = sa.table(
        "students", sa.column("id", sa.Integer), sa.column("full_name"), sa.column("sort_name_folded")
    )
    connection = op.get_bind()
    found = connection.execute(sa.select(students.c.id, students.c.full_name)).all()
    if found:
        connection.execute(
            sa.update(students)
            .where(students.c.id == sa.bindparam("of"))
            .values(sort_name_folded=sa.bindparam("sorted")),
            [{"of": one.id, "sorted": sort_name(one.full_name)} for one in found],
        )
