"""Campaign engine: starts its own tunnel to the rules store, waits for it, then reads the campaigns."""
import json
import logging
import os
import socket
import sys
import threading
import time

logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(asctime)s [%(threadName)s] %(levelname)s %(name)s - %(message)s")
log = logging.getLogger("campaigns.main")
tunnel_log = logging.getLogger("campaigns.tunnel")
TUNNEL = ("127.0.0.1", 15432)


def tunnel():
    tunnel_log.debug("negotiating session keys")
    time.sleep(3.2)
    server = socket.create_server(TUNNEL)
    tunnel_log.info("tunnel up on %s:%d", *TUNNEL)
    while True:
        server.accept()[0].close()


def wait_for_store():
    for attempt in range(1, 11):
        try:
            socket.create_connection(TUNNEL, timeout=2).close()
            log.info("rules store reachable after %d attempts", attempt)
            return
        except OSError as e:
            log.error("rules store 127.0.0.1:15432 not reachable: %s (ECONNREFUSED), retry %d of 10 in 1s", e, attempt)
            time.sleep(1)
    sys.exit("rules store unreachable")


def read_campaigns(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        log.critical("campaign file %s is not valid JSON: %s", path, e)
        sys.exit(78)


def main():
    log.info("campaign engine 2027.1 starting, pid %d", os.getpid())
    threading.Thread(target=tunnel, name="tunnel", daemon=True).start()
    wait_for_store()
    campaigns = read_campaigns(os.environ["CAMPAIGNS_FILE"])
    log.info("%d campaigns active", len(campaigns))
    threading.Event().wait()


if __name__ == "__main__":
    main()
