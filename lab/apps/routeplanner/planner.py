"""Plans delivery routes on a road graph that it keeps in memory."""
import argparse
import logging
import random
import sys
import time

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s - %(name)s - %(levelname)s - %(message)s")
log = logging.getLogger("route-planner")


def main():
    parser = argparse.ArgumentParser(prog="route-planner", description="Plans delivery routes.")
    parser.add_argument("--region", required=True)
    parser.add_argument("--cache-size", type=int, default=128, metavar="MB")
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    log.info("loading road graph of region %s, cache %d MB", args.region, args.cache_size)
    graph = []
    for i in range(args.cache_size):
        graph.append(bytearray(random.randbytes(1 << 20)))
        if i % 16 == 15:
            log.info("road graph: %d of %d MB", i + 1, args.cache_size)
        time.sleep(0.05)
    log.info("road graph ready")
    while True:
        time.sleep(5)


if __name__ == "__main__":
    main()
