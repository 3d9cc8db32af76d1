"""Public price list: which tariff is valid in which grid area."""
import logging
import os

from flask import Flask, jsonify

logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"), format="%(asctime)s %(levelname)-5s %(name)s %(message)s")
log = logging.getLogger("tariffweb")

AREAS = {"NW-11": 31.42, "NW-12": 30.97, "SO-03": 33.10, "SO-07": 32.66}

app = Flask(__name__)
log.info("price list of %d grid areas, currency %s", len(AREAS), os.environ.get("CURRENCY", "EUR"))
if not os.environ.get("MATOMO_URL"):
    log.warning("MATOMO_URL is not set, page statistics are off")


@app.get("/healthz")
def healthz():
    return "ok\n"


@app.get("/areas/<area>")
def price(area):
    return jsonify(area=area, cents=AREAS[area])
