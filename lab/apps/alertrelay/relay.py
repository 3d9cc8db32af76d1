"""Relays the night's alerts of all clusters to the chat of whoever is on call."""
import json
import logging
import os
import sys
import time

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s.%(msecs)03dZ | %(levelname)-8s | %(name)s | %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
log = logging.getLogger("alert-relay")


def alerts(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def post(alert):
    # critical alerts go to a channel of their own
    channel = os.environ["ONCALL_CHANNEL"] if alert["severity"] == "page" else "#alerts"
    log.info("posted to %s", channel)


def main():
    log.info("alert-relay 1.7.3, source %s", os.environ["ALERTS_FILE"])
    while True:
        for alert in alerts(os.environ["ALERTS_FILE"]):
            log.error("[%s/%s] %s", alert["cluster"], alert["workload"], alert["text"])
            post(alert)
            time.sleep(0.7)


if __name__ == "__main__":
    main()
