"""Alembic's entry: runs on the connection (and in the transaction) that `kiosk.storage.database.schema` hands over."""

from alembic import context

from kiosk.storage.database.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
