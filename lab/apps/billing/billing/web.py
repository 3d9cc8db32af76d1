import logging

from flask import Flask, jsonify
from sqlalchemy import text

from . import __version__, db
from .settings import Settings

log = logging.getLogger("billing.web")


def create_app():
    log.info("billing %s", __version__)
    settings = Settings()
    if not settings.vat_rates_url:
        log.warning("VAT_RATES_URL is not set, using the built-in rates of 2023")
    engine = db.connect(settings)
    app = Flask("billing")

    @app.get("/healthz")
    def healthz():
        try:
            with engine.connect() as connection:
                connection.execute(text("select 1"))
        except Exception as e:  # the probe wants an answer, not a stack trace
            log.error("health check failed: database: %s", str(e).splitlines()[0])
            return jsonify(status="fail", check="database"), 503
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz():
        return jsonify(status="ok")

    @app.get("/")
    def index():
        return jsonify(service="billing", version=__version__, next=settings.invoice_prefix + "-000001")

    log.info("routes: %s", ", ".join(sorted(str(r) for r in app.url_map.iter_rules())))
    return app
