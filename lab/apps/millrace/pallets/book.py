"""Writes the pallet book of the day."""
import datetime
import os
import sys
import time

BOOK = os.environ.get("PALLET_BOOK", "/srv/pallets")


def main():
    print("pallet-book 2.2.7 uid=%d" % os.getuid(), flush=True)
    files = sorted(os.listdir(BOOK))
    print("found %d books, newest %s" % (len(files), files[-1] if files else "-"), flush=True)
    path = os.path.join(BOOK, datetime.date.today().isoformat() + ".book")
    try:
        with open(path, "a") as f:
            f.write("opened\n")
    except OSError as e:
        print("cannot open today's book: %s" % e, file=sys.stderr, flush=True)
        return 73
    print("book open", flush=True)
    while True:
        time.sleep(5)


sys.exit(main())
