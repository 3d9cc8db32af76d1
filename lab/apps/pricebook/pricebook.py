"""The price book: prices of the catalogue, and the partners' signed price lists."""
import hashlib
import logging
import os

from flask import Flask, jsonify

app = Flask(__name__)
log = logging.getLogger("pricebook")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s [%(process)d] %(name)s: %(message)s")
PRICES = {"A1": 1990, "A2": 450, "B7": 12900}


@app.get("/healthz")
def healthz():
    return "ok\n"


@app.get("/prices/<sku>")
def price(sku):
    return jsonify(sku=sku, cents=PRICES.get(sku))


@app.get("/partners/<name>/pricelist")
def pricelist(name):
    log.info("signing the price list of %s", name)
    rounds = int(os.environ.get("SIGN_ROUNDS", "60000000"))
    seal = hashlib.pbkdf2_hmac("sha256", name.encode(), b"pricebook", rounds)
    return jsonify(partner=name, seal=seal.hex())
