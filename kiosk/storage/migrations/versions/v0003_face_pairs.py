"""Pairs of people whom the face alone does not tell apart.

Revision 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make a place for look-alikes and corrections."""
    op.create_table(
        "face_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("distance", sa.Float(), nullable=True),
        sa.Column("same_person", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.String(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.CheckConstraint("origin IN ('lookalike', 'correction')", name=op.f("ck_face_pairs_origin")),
        sa.CheckConstraint("other_id <> student_id", name=op.f("ck_face_pairs_other_id")),
        sa.CheckConstraint("distance >= 0", name=op.f("ck_face_pairs_distance")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_face_pairs_student_id_students")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["students.id"], name=op.f("fk_face_pairs_other_id_students")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_pairs")),
        sa.UniqueConstraint(
            "student_id",
            "other_id",
            "origin",
            "model",
            name=op.f("uq_face_pairs_student_id_other_id_origin_model"),
        ),
    )
    op.create_index(op.f("ix_face_pairs_other_id"), "face_pairs", ["other_id"], unique=False)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("face_pairs")
