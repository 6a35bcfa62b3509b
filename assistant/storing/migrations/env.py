"""What Alembic runs for every migration: on the connection that `opening` gives it, in that connection's transaction."""

from alembic import context

from assistant.storing.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
