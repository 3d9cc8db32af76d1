"""Imports the day's exchange rates from the rates gateway into a file that the ledger reads."""
import json
import logging
import os
import sys

import requests

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)-8s [%(name)s] %(message)s")
log = logging.getLogger("fx.importer")


def fetch(base):
    url = f"{os.environ['RATES_URL']}/{base}.json"
    log.info("GET %s", url)
    answer = requests.get(url, timeout=5)
    answer.raise_for_status()
    return answer.json()


def store(base, rates, folder):
    path = os.path.join(folder, f"{base}.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(rates, f)
    log.info("%d rates of base %s stored in %s", len(rates["rates"]), base.upper(), path)


def main():
    log.info("fx-rates importer 3.2.0, run %s", os.environ.get("HOSTNAME", "?"))
    folder = os.environ.get("OUT_DIR", "/tmp")
    for base in os.environ.get("BASES", "eur").split(","):
        store(base, fetch(base), folder)
    log.info("import finished")


if __name__ == "__main__":
    main()
