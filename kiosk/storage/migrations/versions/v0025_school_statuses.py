"""Statuses of the school's own, and which of them a record has.

Revision 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_RECORDS = ("attendance_records", "record_history")
_BASES = "'present', 'late', 'excused', 'absent'"
_COLOURS = "'green', 'amber', 'blue', 'red', 'grey'"


def upgrade() -> None:
    """Make places for them; every record that is there has one of the four and nothing more."""
    op.create_table(
        "school_statuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("name_folded", sa.String(length=256), nullable=False),
        sa.Column("letter", sa.String(length=16), nullable=False),
        sa.Column("letter_folded", sa.String(length=64), nullable=False),
        sa.Column("colour", sa.String(length=16), nullable=False),
        sa.Column("base", sa.String(length=16), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint(f"base IN ({_BASES})", name=op.f("ck_school_statuses_base")),
        sa.CheckConstraint(f"colour IN ({_COLOURS})", name=op.f("ck_school_statuses_colour")),
        sa.CheckConstraint("percent >= 0 AND percent <= 100", name=op.f("ck_school_statuses_percent")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_school_statuses_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_statuses")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_school_statuses_name_folded")),
        sa.UniqueConstraint("letter_folded", name=op.f("uq_school_statuses_letter_folded")),
    )
    for table in _RECORDS:
        # A column by itself: to copy a million records for a constraint would take minutes.
        name = f"fk_{table}_school_status_id_school_statuses"
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN school_status_id INTEGER "
            f"CONSTRAINT {name} REFERENCES school_statuses (id)"
        )
        has_one = sa.text("school_status_id IS NOT NULL")
        op.create_index(
            op.f(f"ix_{table}_school_status_id"),
            table,
            ["school_status_id"],
            unique=False,
            sqlite_where=has_one,
            postgresql_where=has_one,
        )


def downgrade() -> None:
    """Forget them; each record keeps which of the four it is."""
    for table in _RECORDS:
        op.drop_index(op.f(f"ix_{table}_school_status_id"), table)
        op.drop_column(table, "school_status_id")
    op.drop_table("school_statuses")
