"""The key of an enrolled phone, where it has one.

Revision 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make places for it; phones so far are known by their cookies."""
    op.add_column("enrolled_phones", sa.Column("credential_id", sa.LargeBinary(), nullable=True))
    op.add_column("enrolled_phones", sa.Column("public_key", sa.LargeBinary(), nullable=True))
    op.add_column("enrolled_phones", sa.Column("sign_count", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Forget phones with a key: an older program would take their cookies alone."""
    op.execute("DELETE FROM enrolled_phones WHERE public_key IS NOT NULL")
    op.drop_column("enrolled_phones", "sign_count")
    op.drop_column("enrolled_phones", "public_key")
    op.drop_column("enrolled_phones", "credential_id")
