import os
from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, text

fileConfig(context.config.config_file_name)
engine = create_engine(os.environ["DATABASE_URL"])
with engine.connect() as connection:
    connection.execute(text("set lock_timeout = '4s'"))
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
