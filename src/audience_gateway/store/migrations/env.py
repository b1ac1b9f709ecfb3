"""What Alembic runs to run the steps: over the connection it is given, in the transaction that is open there.

That may be the plain connection of a thread, or the one that ``AsyncConnection.run_sync`` hands out.
"""

from alembic import context

from audience_gateway.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
