"""Alembic's entry: it runs on the connection that portal.schema hands over."""

from alembic import context

from portal.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=False)
context.run_migrations()
