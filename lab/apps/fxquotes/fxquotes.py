"""Foreign exchange quotes over gRPC. Speaks the standard health protocol, one entry for each service."""
import logging
import os
import random
import signal
import sys
import threading
import time
from concurrent import futures

import grpc

logging.basicConfig(level=logging.INFO, stream=sys.stdout,
                    format="%(asctime)s.%(msecs)03d %(levelname)-5s [%(threadName)s] %(name)s - %(message)s",
                    datefmt="%H:%M:%S")
log = logging.getLogger("fxquotes")

PAIRS = {"EURUSD": 1.0841, "EURGBP": 0.8563, "USDJPY": 149.22, "EURCHF": 0.9511}
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"


class Health:
    """grpc.health.v1.Health by hand: both messages have a single field."""

    def __init__(self, services):
        self.status = dict.fromkeys(services, NOT_SERVING)

    def check(self, request, context):
        name = request[2:].decode() if request else ""
        if name not in self.status:
            context.abort(grpc.StatusCode.NOT_FOUND, "unknown service")
        return self.status[name]


def feed(stop):
    while not stop.wait(4):
        pair = random.choice(list(PAIRS))
        PAIRS[pair] *= 1 + random.uniform(-0.0004, 0.0004)
        log.info("tick %s %.4f from ecb-mirror", pair, PAIRS[pair])


def main():
    began = time.monotonic()
    port = int(os.environ.get("GRPC_PORT", "9090"))
    services = os.environ.get("GRPC_SERVICES", "fx.v2.Quotes").split(",")
    health = Health(["", *services])
    stop = threading.Event()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    handler = grpc.unary_unary_rpc_method_handler(health.check)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": handler}),))
    server.add_insecure_port("[::]:%d" % port)
    server.start()
    for name in services:
        log.info("registered %s", name)
    threading.Thread(target=feed, args=(stop,), name="feed", daemon=True).start()
    log.warning("no TLS key configured, serving plaintext")
    health.status = dict.fromkeys(health.status, SERVING)
    log.info("gRPC server on :%d after %.2f s", port, time.monotonic() - began)

    def leave(*_):
        log.info("SIGTERM, draining streams")
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    stop.wait()
    server.stop(2).wait()
    log.info("drained, bye")


if __name__ == "__main__":
    main()
