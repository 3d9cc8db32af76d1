"""Everything the service takes from its environment, read once at import of the application."""
import os


class Settings:
    def __init__(self, env=os.environ):
        self.database_host = env["DATABASE_HOST"]
        self.database_port = int(env.get("DATABASE_PORT", "5432"))
        self.database_name = env.get("DATABASE_NAME", "billing")
        self.database_user = env.get("DATABASE_USER", "billing")
        self.database_password = env["DATABASE_PASSWORD"]
        self.invoice_prefix = env["INVOICE_NUMBER_PREFIX"]
        self.vat_rates_url = env.get("VAT_RATES_URL", "")

    def url(self):
        from sqlalchemy.engine import URL

        return URL.create(
            "postgresql+psycopg2",
            username=self.database_user,
            password=self.database_password,
            host=self.database_host,
            port=self.database_port,
            database=self.database_name,
        )
