"""Sends text messages through the provider's API."""
import logging
import os
import sys
import time

import requests

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s")
log = logging.getLogger(__name__)


def heartbeat(session, url):
    for attempt in range(1, 4):
        try:
            session.get(url + "/v1/account", timeout=4)
            return
        except requests.exceptions.RequestException as e:
            log.warning("provider did not answer, attempt %d of 3: %s", attempt, e)
            time.sleep(1)
    log.critical("provider unreachable, leaving")
    sys.exit(69)


def main():
    log.info("sms-notify 5.0.1 starting")
    session = requests.Session()
    while True:
        heartbeat(session, os.environ["PROVIDER_URL"])
        log.info("provider ok")
        time.sleep(5)


if __name__ == "__main__":
    main()
