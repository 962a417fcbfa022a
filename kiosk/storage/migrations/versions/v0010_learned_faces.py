"""Where the stored pictures of faces come from.

Revision 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CHECK = "ck_face_samples_origin"
_ORIGINS = "origin IN ('enrolled', 'learned', 'confirmed')"


def upgrade() -> None:
    """Make a place for it: all pictures so far were enrolled."""
    with op.batch_alter_table("face_samples", copy_from=_face_samples()) as table:
        table.add_column(_origin())
        table.create_check_constraint(op.f(_CHECK), _ORIGINS)


def downgrade() -> None:
    """Forget it, and delete what was not enrolled: an older program could not tell it apart."""
    learned = "SELECT id FROM face_samples WHERE origin <> 'enrolled'"
    op.execute(f"DELETE FROM face_templates WHERE sample_id IN ({learned})")  # noqa: S608 - a text of this file
    op.execute("DELETE FROM face_samples WHERE origin <> 'enrolled'")
    before = _face_samples(_origin(), sa.CheckConstraint(_ORIGINS, name=op.f(_CHECK)))
    with op.batch_alter_table("face_samples", copy_from=before) as table:
        table.drop_constraint(op.f(_CHECK), type_="check")
        table.drop_column("origin")


def _origin() -> sa.Column[str]:
    return sa.Column("origin", sa.String(length=16), server_default="enrolled", nullable=False)


def _face_samples(*more: sa.schema.SchemaItem) -> sa.Table:
    """The table as it stands before the change: SQLite copies it, and reading it back would lose its checks."""
    return sa.Table(
        "face_samples",
        sa.MetaData(),
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
        sa.Index(op.f("ix_face_samples_student_id"), "student_id"),
        *more,
    )
