"""Consumes the order stream. A watchdog ends the process when the stream makes no progress, so that a fresh one tries."""
import logging
import os
import random
import signal
import socket
import sys
import threading
import time

logging.basicConfig(level=logging.INFO, stream=sys.stdout,
                    format='{"time":"%(asctime)s","lvl":"%(levelname)s","thread":"%(threadName)s","text":"%(message)s"}')
log = logging.getLogger("consumer")
progress = time.monotonic()
prefetch = []


def fill_prefetch():
    for n in range(int(os.environ.get("PREFETCH_MB", "64"))):
        prefetch.append(os.urandom(1 << 20))
    log.info("prefetch buffer of %d MB allocated", len(prefetch))


def watchdog(limit):
    while True:
        time.sleep(1)
        stalled = time.monotonic() - progress
        if stalled > limit:
            log.error("watchdog: no record for %.0f s, limit is %d s, killing this process (signal 9)", stalled, limit)
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)


def consume(broker):
    global progress
    host, port = broker.rsplit(":", 1)
    while True:
        try:
            with socket.create_connection((host, int(port)), timeout=4) as s:
                s.sendall(b"FETCH orders\n")
                while s.recv(4096):
                    progress = time.monotonic()
        except OSError as e:
            log.warning("broker %s: %s", broker, e)
        time.sleep(random.uniform(0.8, 1.6))


def main():
    log.info("order-stream consumer 0.17.3, pid %d", os.getpid())
    fill_prefetch()
    threading.Thread(target=watchdog, args=(int(os.environ.get("WATCHDOG_SECONDS", "10")),), name="watchdog", daemon=True).start()
    consume(os.environ["BROKER"])


if __name__ == "__main__":
    main()
