"""Renewals API; opens its database first."""
import logging
import os
import sys
import time

import psycopg2

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s | %(levelname)-7s | %(name)s:%(lineno)d - %(message)s")
log = logging.getLogger("renewals.db")


def connect():
    for attempt in range(1, 4):
        try:
            return psycopg2.connect(host=os.environ["PGHOST"], dbname="renewals", user="renewals",
                                    password=os.environ["PGPASSWORD"], connect_timeout=5)
        except psycopg2.OperationalError as e:
            log.warning("database not available (attempt %d of 3)", attempt)
            last = e
            time.sleep(1)
    raise last


def main():
    log.info("renewals 8.0.2, sslmode=%s", os.environ.get("PGSSLMODE", "prefer"))
    log.error("feature service: 404 for flag 'early-renewal', default is off")
    try:
        connect()
    except Exception:
        log.exception("start-up failed")
        log.info("worker pool stopped (4 idle)")
        log.info("goodbye")
        sys.exit(3)
    log.info("connected")
    open("/tmp/ready", "w").close()
    while True:
        time.sleep(60)


main()
