"""Renders map tiles and keeps every one of them."""
import logging
import sys
import time

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)-5s tiles: %(message)s")
log = logging.getLogger()


def render(zoom, x, y):
    return bytearray(b"\x89PNG" + bytes((zoom, x % 256, y % 256)) * 87380)


def main():
    log.info("tile renderer 3.8.0")
    kept = {}
    n = 0
    while True:
        n += 1
        kept[n] = render(12, n, n * 7)
        if n % 25 == 0:
            log.info("zoom 12: %d tiles rendered, %d in cache", n, len(kept))
        time.sleep(0.02)


if __name__ == "__main__":
    main()
