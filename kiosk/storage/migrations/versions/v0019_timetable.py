"""Terms, holidays, and when courses meet; courses that are over.

Revision 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_COURSE = ["course_id"], ["courses.id"]


def upgrade() -> None:
    """Make places for them: no course is over, belongs to a term or has a timetable yet."""
    _spans("terms", sa.Column("name_folded", sa.String(length=256), nullable=False))
    _spans("holidays")
    op.create_index(op.f("ix_holidays_last_day"), "holidays", ["last_day"], unique=False)
    op.create_table(
        "course_slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.CheckConstraint("weekday >= 0 AND weekday <= 6", name=op.f("ck_course_slots_weekday")),
        sa.CheckConstraint("begins >= 0 AND begins < 1440", name=op.f("ck_course_slots_begins")),
        sa.CheckConstraint("minutes > 0 AND minutes < 1440", name=op.f("ck_course_slots_minutes")),
        sa.ForeignKeyConstraint(*_COURSE, name=op.f("fk_course_slots_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_slots")),
    )
    op.create_index(op.f("ix_course_slots_course_id"), "course_slots", ["course_id"], unique=False)
    op.create_index(op.f("ix_course_slots_weekday"), "course_slots", ["weekday"], unique=False)
    op.create_table(
        "course_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("called_off", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("origin IN ('hand', 'calendar')", name=op.f("ck_course_dates_origin")),
        sa.CheckConstraint("minutes > 0 AND minutes < 1440", name=op.f("ck_course_dates_minutes")),
        sa.ForeignKeyConstraint(*_COURSE, name=op.f("fk_course_dates_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_dates")),
        sa.UniqueConstraint(
            "course_id", "begins_at", "origin", name=op.f("uq_course_dates_course_id_begins_at_origin")
        ),
    )
    op.create_index(op.f("ix_course_dates_begins_at"), "course_dates", ["begins_at"], unique=False)
    op.create_table(
        "course_calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("waits", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(*_COURSE, name=op.f("fk_course_calendars_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_calendars")),
        sa.UniqueConstraint("course_id", name=op.f("uq_course_calendars_course_id")),
    )
    with op.batch_alter_table("courses", copy_from=_courses()) as table:
        for column in _columns():
            table.add_column(column)
        table.create_foreign_key(op.f("fk_courses_term_id_terms"), "terms", ["term_id"], ["id"])
        table.create_index(op.f("ix_courses_term_id"), ["term_id"], unique=False)


def downgrade() -> None:
    """Forget them; courses that were over are there again."""
    term = sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_courses_term_id_terms"))
    before = _courses(*_columns(), term, sa.Index(op.f("ix_courses_term_id"), "term_id"))
    with op.batch_alter_table("courses", copy_from=before) as table:
        table.drop_index(op.f("ix_courses_term_id"))
        table.drop_constraint(op.f("fk_courses_term_id_terms"), type_="foreignkey")
        for column in _columns():
            table.drop_column(column.name)
    for name in ("course_calendars", "course_dates", "course_slots", "holidays", "terms"):
        op.drop_table(name)


def _spans(name: str, *more: sa.Column[str]) -> None:
    unique = [sa.UniqueConstraint(one.name, name=op.f(f"uq_{name}_{one.name}")) for one in more]
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        *more,
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f(f"ck_{name}_days")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *unique,
    )


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("term_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ]


def _courses(*more: sa.schema.SchemaItem) -> sa.Table:
    """The table as it stands before the change: SQLite copies it, and reading it back would lose its names."""
    return sa.Table(
        "courses",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_folded", sa.String(length=128), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("code_folded", name=op.f("uq_courses_code_folded")),
        *more,
    )
