"""Fetches prices and keeps its log in a file, as it did on the old servers."""
import argparse
import os
import sys
import time

sys.stdout = sys.stderr = open("/var/log/price-feed/price-feed.log", "a", buffering=1, encoding="utf-8")

parser = argparse.ArgumentParser(prog="price-feed")
parser.add_argument("--currency", choices=["eur", "usd"], required=True)
args = parser.parse_args(["--currency", os.environ.get("FEED_CURRENCY", "eur")])
while True:
    print("prices in", args.currency, "fetched")
    time.sleep(30)
