"""Who answered about face recognition, which notice it was, codes of letters to answer with, and who was deleted.

Revision 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ANSWERED_BY = ("ck_consents_answered_by", "answered_by IN ('student', 'guardian')")
_NOTICE = ("ck_consents_notice_version", "notice_version >= 1")


def upgrade() -> None:
    """Make places for them: all words so far answer the first notice, and nobody wrote down whose they are."""
    with op.batch_alter_table("consents", copy_from=_consents()) as table:
        for column in _columns():
            table.add_column(column)
        for name, check in (_ANSWERED_BY, _NOTICE):
            table.create_check_constraint(op.f(name), check)
    op.create_table(
        "consent_notices",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("renew_by", sa.Date(), nullable=False),
        sa.Column("is_enforced", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("version >= 2", name=op.f("ck_consent_notices_version")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_consent_notices")),
    )
    op.create_table(
        "consent_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_consent_codes_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_consent_codes_code_hash")),
    )
    op.create_index(op.f("ix_consent_codes_student_id"), "consent_codes", ["student_id"], unique=False)
    op.add_column("students", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget them. A no that stands becomes the newest word: an older program knows the newest only."""
    op.drop_column("students", "deleted_at")
    op.drop_table("consent_codes")
    op.drop_table("consent_notices")
    op.execute(
        """INSERT INTO consents (student_id, kind, given, recorded_at, recorded_by)
           SELECT student_id, kind, given, recorded_at, recorded_by FROM consents AS word
           WHERE answered_by IS NOT NULL AND given = FALSE AND NOT EXISTS (
               SELECT 1 FROM consents AS later WHERE later.student_id = word.student_id AND later.kind = word.kind
               AND later.answered_by = word.answered_by AND later.id > word.id
               AND later.answered_name_folded = word.answered_name_folded)
           AND EXISTS (SELECT 1 FROM consents AS later WHERE later.student_id = word.student_id
               AND later.kind = word.kind AND later.id > word.id)"""
    )
    before = _consents(
        *_columns(), *(sa.CheckConstraint(check, name=op.f(name)) for name, check in (_ANSWERED_BY, _NOTICE))
    )
    with op.batch_alter_table("consents", copy_from=before) as table:
        for name, _check in (_ANSWERED_BY, _NOTICE):
            table.drop_constraint(op.f(name), type_="check")
        for column in _columns():
            table.drop_column(column.name)


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("answered_by", sa.String(length=16), nullable=True),
        sa.Column("answered_name", sa.String(), server_default="", nullable=False),
        sa.Column("answered_name_folded", sa.String(), server_default="", nullable=False),
        sa.Column("notice_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("notice_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
    ]


def _consents(*more: sa.schema.SchemaItem) -> sa.Table:
    """The table as it stands before the change: SQLite copies it, and reading it back would lose its checks."""
    return sa.Table(
        "consents",
        sa.MetaData(),
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
        sa.Index(op.f("ix_consents_student_id_kind_recorded_at"), "student_id", "kind", "recorded_at"),
        *more,
    )
