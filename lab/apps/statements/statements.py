"""Account statements: reads bookings, groups them by customer, writes one file each."""
import argparse
import logging
import os
import random
import resource
import sys
import time
from collections import defaultdict

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s|%(levelname)s|%(process)d|%(message)s")
log = logging.getLogger("statements")


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def bookings(count):
    rng = random.Random(7)
    for i in range(count):
        yield {"id": i, "customer": rng.randrange(1, 400), "cents": rng.randrange(-90000, 90000), "text": "SEPA transfer %09d" % i}


def group(rows):
    by_customer = defaultdict(list)
    for row in rows:
        by_customer[row["customer"]].append(row)
    return by_customer


def main():
    parser = argparse.ArgumentParser(prog="statements")
    parser.add_argument("--period", choices=["day", "month", "year"], default="day")
    parser.add_argument("--out", default="/tmp/statements")
    args = parser.parse_args()
    rows = {"day": 3000, "month": 60000, "year": 1200000}[args.period]
    log.info("statements 1.12.0, period %s, %d bookings expected", args.period, rows)
    os.makedirs(args.out, exist_ok=True)
    log.error("rate table of 2019 has 2 rows without an ISO code, using XXX")
    began = time.monotonic()
    customers = group(bookings(rows))
    log.info("%d customers, peak %d MB", len(customers), peak())
    rejected = 0
    for number, (customer, items) in enumerate(sorted(customers.items()), 1):
        with open(os.path.join(args.out, "%06d.txt" % customer), "w", encoding="utf-8") as f:
            f.writelines("%s %d\n" % (item["text"], item["cents"]) for item in items)
        if number % 100 == 0:
            log.info("written %d of %d, errors=%d", number, len(customers), rejected)
    log.info("done in %.1f s, %d files, errors=%d, failed=0", time.monotonic() - began, len(customers), rejected)


if __name__ == "__main__":
    main()
