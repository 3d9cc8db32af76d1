import logging

from sqlalchemy import create_engine, text

log = logging.getLogger("billing.db")


def connect(settings):
    """An engine that has proved itself: the service does not start without its database."""
    engine = create_engine(
        settings.url(),
        pool_size=4,
        max_overflow=2,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "application_name": "billing-api"},
    )
    log.info("connecting to postgresql://%s:%d/%s as %s", settings.database_host, settings.database_port,
             settings.database_name, settings.database_user)
    with engine.connect() as connection:
        version = connection.execute(text("show server_version")).scalar()
    log.info("connected, server version %s", version)
    return engine
