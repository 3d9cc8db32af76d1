"""Builds the matrix of fares between all zones, then serves it to the ticket machines."""
import logging, os, sys
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
log = logging.getLogger("fares.build")

def rows(zones):
    return [[(a * 31 + b * 17) % 9000 + 0.5 for b in range(zones)] for a in range(zones)]

def main():
    zones = int(os.environ.get("ZONES", "900"))
    log.info("tariff year %s, %d zones", os.environ.get("TARIFF_YEAR", "2027"), zones)
    log.warning("zone 118 has no neighbour in the north, using ring fare")
    matrix = []
    for product in ("single", "day", "week", "month", "bike", "dog"):
        matrix.append(rows(zones))
        log.info("product %s: %d relations", product, zones * zones)
    log.info("matrix complete")

main()
