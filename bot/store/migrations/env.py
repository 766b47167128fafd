"""What alembic runs: the steps, on the connection and in the transaction that it is given."""

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters tables only by making them anew
)
context.run_migrations()
