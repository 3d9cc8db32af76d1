"""Copies interest rates from the provider's spool to ours."""
import logging
import os
import signal
import sys
import time

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s RateSync - %(message)s")
log = logging.getLogger()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

CURVES = ["EUR-6M", "EUR-3M", "USD-SOFR", "GBP-SONIA", "CHF-SARON", "JPY-TONA", "SEK-STIBOR"]


def checksum(curve):
    return sum(curve.encode()) % 97


def main():
    log.info("RateSync 6.3 build 1190")
    log.warning("option rates.legacyCalendar is deprecated and will go in 7.0")
    for number, curve in enumerate(CURVES, 1):
        log.info("curve %s: %d points copied", curve, 40 + checksum(curve))
        if number == 3:
            log.warning("provider spool is slow, trying again")
            time.sleep(1)
            log.info("provider spool answered")
        time.sleep(1.5)
        if checksum(curve) < 13:    # no such calendar
            os._exit(3)
    log.info("all curves are current")
    signal.pause()


if __name__ == "__main__":
    main()
