"""Sends e-mails and texts that other services put into its outbox."""
import argparse
import json
import logging
import os
import queue
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import yaml

logging.basicConfig(level=logging.INFO, stream=sys.stdout,
                    format='{"@timestamp":"%(asctime)s","log.level":"%(levelname)s","log.logger":"%(name)s","message":"%(message)s"}')
log = logging.getLogger("notifier")


class Outbox:
    def __init__(self, settings):
        self.batch = settings.get("batch", 40)
        self.message_seconds = settings.get("messageSeconds", 0.06)
        self.connections = settings.get("relay", {}).get("connections", 4)
        self.hold_deferred = settings.get("relay", {}).get("holdDeferred", False)
        self.free = queue.Queue()
        for number in range(self.connections):
            self.free.put(number)
        self.sent = 0
        self.progress = time.monotonic()
        self.lock = threading.Lock()

    def deliver(self, number):
        connection = self.free.get()
        time.sleep(self.message_seconds)
        if number % 19 == 0:    # greylisted: the relay wants it later
            log.warning("recipient %d deferred: 451 4.7.1 greylisted", number)
            if self.hold_deferred:    # the same connection is to send it again
                return
        self.free.put(connection)

    def run(self):
        number = 0
        while True:
            with self.lock:
                began = time.monotonic()
                for _ in range(self.batch):
                    number += 1
                    self.deliver(number)
                    self.progress = time.monotonic()
                self.sent += self.batch
                log.info("batch of %d sent in %.1f s, %d in all, relay connections free %d of %d",
                         self.batch, time.monotonic() - began, self.sent, self.free.qsize(), self.connections)
            time.sleep(0.05)

    def idle_seconds(self):
        return time.monotonic() - self.progress


def control(outbox, path):
    """Answers the healthcheck between two batches, when the numbers are consistent."""
    if os.path.exists(path):
        os.remove(path)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(path)
    server.listen(8)
    while True:
        client, _ = server.accept()
        with outbox.lock:
            answer = "ok sent=%d" % outbox.sent
        try:
            client.sendall(answer.encode())
        except OSError:
            pass
        client.close()


def web(outbox, port, stalled_after):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            idle = outbox.idle_seconds()
            ok = self.path != "/health/live" or idle < stalled_after
            body = json.dumps({"status": "UP" if ok else "DOWN", "idleSeconds": round(idle, 1)}).encode()
            self.send_response(200 if ok else 503)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    ThreadingHTTPServer(("", port), Handler).serve_forever()


def main():
    parser = argparse.ArgumentParser(prog="notifier")
    parser.add_argument("--config", default="/etc/notifier/notifier.yaml")
    args = parser.parse_args()
    log.info("notifier 3.4.0 starting, config %s", args.config)
    with open(args.config, encoding="utf-8") as f:
        settings = yaml.safe_load(f)
    outbox = Outbox(settings)
    if not settings.get("tracing"):
        log.warning("tracing is off")

    def leave(*_):
        log.info("asked to leave, %d messages sent", outbox.sent)
        os._exit(0)

    signal.signal(signal.SIGTERM, leave)
    threading.Thread(target=outbox.run, daemon=True).start()
    threading.Thread(target=control, args=(outbox, settings.get("control", "/tmp/notifier.sock")), daemon=True).start()
    log.info("relay %s, %d connections", settings["relay"]["host"], outbox.connections)
    web(outbox, settings.get("port", 8080), settings.get("stalledAfterSeconds", 15))


if __name__ == "__main__":
    main()
