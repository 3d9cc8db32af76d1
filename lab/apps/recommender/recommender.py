"""Product recommendations: loads its model into memory shard by shard, then serves it over HTTP."""
import ctypes
import json
import logging
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

logging.basicConfig(level=logging.INFO, stream=sys.stdout,
                    format='{"ts":"%(asctime)s","level":"%(levelname)s","logger":"%(name)s","msg":"%(message)s"}')
log = logging.getLogger("recommender")

SESSIONS = {}  # one entry for every visitor ever seen; nothing removes them
READY = threading.Event()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/health":
            self.answer(200 if READY.is_set() else 503, {"ready": READY.is_set()})
        elif self.path.startswith("/recommend"):
            self.answer(200, {"items": [101, 204, 377]})
        else:
            self.answer(404, {"error": "no such route"})

    def log_message(self, fmt, *args):
        log.info("%s %s", self.client_address[0], (fmt % args).replace('"', "'"))


def load_model():
    shards = int(os.environ.get("MODEL_SHARDS", "4"))
    pace = float(os.environ.get("MODEL_SHARD_SECONDS", "1"))
    began = time.monotonic()
    model = []
    for i in range(1, shards + 1):
        model.append(os.urandom(1 << 18))
        time.sleep(pace)
        if i % 5 == 0 or i in (1, shards):
            log.info("model shard %d of %d loaded", i, shards)
    log.info("model ready in %.1f s", time.monotonic() - began)
    return model


def remember_visitors():
    """The stream of visitors, as the tracking library delivers it."""
    batch = int(os.environ.get("SESSION_BATCH_KB", "0")) * 1024
    while batch:
        key = "visitor-%08d" % len(SESSIONS)
        SESSIONS[key] = bytearray(os.urandom(4096) * (batch // 4096))
        if len(SESSIONS) % 20 == 0:
            log.info("session cache holds %d visitors", len(SESSIONS))
        time.sleep(0.05)


def compress_catalogue():
    """The catalogue is packed by the native codec; release 4.2 hands it a buffer of its own."""
    zlib = ctypes.CDLL("libz.so.1")
    zlib.compress.restype = ctypes.c_int
    size = ctypes.c_ulong(1 << 20)
    source = ctypes.create_string_buffer(os.urandom(1 << 16))
    zlib.zlibVersion.restype = ctypes.c_char_p
    log.info("packing the catalogue, codec zlib %s", zlib.zlibVersion().decode())
    target = ctypes.cast(ctypes.c_void_p(0x1000), ctypes.POINTER(ctypes.c_ubyte))
    zlib.compress(target, ctypes.byref(size), source, ctypes.c_ulong(1 << 16))


def main():
    log.info("recommender 4.2.1 starting")
    signal.signal(signal.SIGTERM, lambda *_: (log.info("SIGTERM, leaving"), os._exit(0)))
    port = int(os.environ.get("PORT", "8080"))
    if os.environ.get("SERVE_WHILE_LOADING"):
        threading.Thread(target=ThreadingHTTPServer(("", port), Handler).serve_forever, daemon=True).start()
    load_model()
    if os.environ.get("PACK_CATALOGUE"):
        compress_catalogue()
    READY.set()
    threading.Thread(target=remember_visitors, daemon=True).start()
    log.info("serving on :%d", port)
    if os.environ.get("SERVE_WHILE_LOADING"):
        threading.Event().wait()
    ThreadingHTTPServer(("", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
