"""Renders policy letters with the bought layout engine."""
import datetime
import logging
import sys
import time

logging.basicConfig(stream=sys.stdout, level=logging.INFO,
                    format="%(asctime)s %(levelname)-8s [%(name)s] %(message)s")
log = logging.getLogger("letterforge")
engine = logging.getLogger("typeset.engine")
cache = logging.getLogger("typeset.cache")

BUILT = datetime.date(2026, 9, 28)


def read_grant(path):
    grant = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if ":" in line and not line.startswith("#"):
                k, v = line.split(":", 1)
                grant[k.strip().lower()] = v.strip()
    return grant


def main():
    log.info("letterforge 9.3.0, typeset engine 21.2 built %s", BUILT)
    log.warning("font 'Tarn Sans Condensed' substituted by 'DejaVu Sans'")
    for i in range(1180):
        if i % 200 == 0:
            cache.info("%d layouts warmed", i)
    grant = read_grant("/etc/letterforge/grant.txt")
    engine.info("entitlement %s of %s, edition %s, 4 seats", grant["serial"], grant["holder"], grant["edition"])
    until = datetime.date.fromisoformat(grant["updates until"])
    time.sleep(0.5)
    if BUILT > until:
        engine.error("release 21.2 (%s) is not covered by entitlement %s: updates ended %s. "
                     "Extend maintenance or install a release up to 20.4", BUILT, grant["serial"], until)
        log.info("closing renderer")
        for i in range(1180):
            cache.info("layout %04d evicted, 0 pages pending, handle closed", 1180 - i)
        cache.warning("cache directory kept 3 temporary files, removed")
        log.info("spool flushed: 0 letters, 0 errors")
        log.info("renderer closed in %d ms", 412)
        sys.exit(1)
    while True:
        time.sleep(60)


main()
