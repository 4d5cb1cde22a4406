"""How alembic runs here: always with a connection handed in, in one transaction."""

from alembic import context
from sqlalchemy import Connection

from vssid.kernel.db import Base

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
if connection.in_transaction():
    connection.commit()
