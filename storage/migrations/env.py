"""Alembic's door: the connection is handed over by storage.migrate, never opened here."""

from alembic import context

from storage import tables  # noqa: F401 - every table must be known before they are compared
from storage.columns import Table


def run() -> None:
    """Runs the asked migrations on the connection that storage.migrate put into the configuration."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
