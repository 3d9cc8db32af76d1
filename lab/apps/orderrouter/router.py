"""Routes orders to warehouses by the rules of a YAML file."""
import http.server
import logging
import os
import sys

import yaml

logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname).1s%(asctime)s %(name)s] %(message)s", datefmt="%m%d %H:%M:%S")
log = logging.getLogger("router")


def load_rules(path):
    with open(path, encoding="utf-8") as f:
        document = yaml.safe_load(f)
    return document["rules"]


def main():
    path = os.environ.get("ROUTER_RULES", "/etc/order-router/rules.yaml")
    log.info("order-router 5.5.1 starting, rules from %s", path)
    rules = load_rules(path)
    log.info("%d rules", len(rules))
    http.server.ThreadingHTTPServer(("", 8080), http.server.SimpleHTTPRequestHandler).serve_forever()


if __name__ == "__main__":
    main()
