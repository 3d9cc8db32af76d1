from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine

from billing.settings import Settings

fileConfig(context.config.config_file_name)

with create_engine(Settings().url(), connect_args={"connect_timeout": 5}).connect() as connection:
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
