"""Reads the shelf plans of all shops and keeps them until the nightly comparison."""
import logging
import os
import time

logging.basicConfig(format="%(asctime)s %(levelname)s plansync: %(message)s", level=logging.INFO)
plans = []
shops = int(os.environ.get("SHOPS", "600"))
logging.info("reading shelf plans of %d shops", shops)
for n in range(1, shops + 1):
    plans.append(bytearray(os.urandom(1024) * 640))
    if n % 20 == 0:
        logging.info("%d of %d shops read", n, shops)
    if n % 70 == 0:
        logging.warning("shop %04d delivered plan without promotion area", 1200 + n)
    time.sleep(0.07)
logging.info("comparison done")
while True:
    time.sleep(60)
