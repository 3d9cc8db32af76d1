"""Turns the day's orders into invoice files. Runs for ever (a worker) or once (--once)."""
import argparse
import json
import logging
import os
import signal
import sys
import time
from decimal import Decimal

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)-7s %(name)s %(message)s")
log = logging.getLogger("invoicer")


def load_orders(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def total(order):
    return sum(Decimal(item["price"]) * item["quantity"] for item in order["items"])


def discount(order):
    # gift cards came with release 1.9: they carry no customer group
    return Decimal(order["customer"]["group"]["discount"]) if order["customer"] else Decimal(0)


def render(order):
    net = total(order) * (1 - discount(order))
    return {"invoice": "INV-%06d" % order["id"], "net": str(net.quantize(Decimal("0.01")))}


def write(spool, invoice):
    path = os.path.join(spool, invoice["invoice"] + ".json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(invoice, f)
        f.write("\n" + " " * int(os.environ.get("PAGE_BYTES", "0")))
    return path


def run(orders, spool, once):
    done = 0
    while True:
        for order in load_orders(orders):
            order["id"] += done
            path = write(spool, render(order))
            log.info("order %d invoiced: %s", order["id"], path)
            done += 1
            time.sleep(float(os.environ.get("PACE_SECONDS", "0.3")))
        if once:
            log.info("all orders invoiced, %d files", done)
            return


def main():
    parser = argparse.ArgumentParser(prog="invoicer")
    parser.add_argument("--orders", default="/etc/invoicer/orders.jsonl")
    parser.add_argument("--spool", default="/var/spool/invoicer")
    parser.add_argument("--once", action="store_true", help="one pass over the orders, then leave")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log.info("invoicer 1.9.0, python %s, spool %s", sys.version.split()[0], args.spool)
    state = os.path.join(args.spool, ".last-run")
    with open(state, "w", encoding="utf-8") as f:
        f.write(str(int(time.time())))
    run(args.orders, args.spool, args.once)


if __name__ == "__main__":
    main()
