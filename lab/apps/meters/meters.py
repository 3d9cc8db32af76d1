"""Collects meter readings from the concentrators of one district."""
import logging
import os
import random
import sys
import time

logging.basicConfig(level=logging.INFO, stream=sys.stdout,
                    format="ts=%(asctime)s.%(msecs)03d level=%(levelname)s logger=%(name)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
log = logging.getLogger("meters")


def main():
    district = os.environ.get("DISTRICT", "north")
    log.info('msg="collector started" version=4.0.9 district=%s', district)
    meter = 70000
    while True:
        for _ in range(random.randint(2, 6)):
            meter += 1
            log.info('msg="reading stored" meter=%d kwh=%.1f', meter, random.uniform(900, 9000))
        time.sleep(1)


if __name__ == "__main__":
    main()
