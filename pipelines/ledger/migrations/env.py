"""Runs the migrations on the connection, and inside the transaction, that the ledger hands over."""

from alembic import context

from pipelines.ledger.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=False,
)
context.run_migrations()
