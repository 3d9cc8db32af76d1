"""Serves freight tariffs. Logs where its operators always looked: /var/log/tariffs/tariffs.log."""
import csv
import http.server
import json
import logging
import logging.handlers
import sys
import zlib

HERE = "/srv/tariffs"
log = logging.getLogger("tariffs")


def load(path):
    with open(path, "rb") as f:
        raw = f.read()
    with open(path + ".crc", encoding="ascii") as f:
        wanted = int(f.read(), 16)
    if zlib.crc32(raw) != wanted:
        raise ValueError("%s: checksum %08x, expected %08x" % (path, zlib.crc32(raw), wanted))
    return list(csv.DictReader(raw.decode().splitlines()))


class Handler(http.server.BaseHTTPRequestHandler):
    tariffs = []

    def do_GET(self):
        body = json.dumps(self.tariffs).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    handler = logging.handlers.RotatingFileHandler("/var/log/tariffs/tariffs.log", maxBytes=1 << 20, backupCount=2)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    log.info("tariffs 6.0.2 starting")
    try:
        Handler.tariffs = load(HERE + "/tariffs-2027.csv")
    except (OSError, ValueError):
        log.exception("cannot load tariffs")
        sys.exit(1)
    log.info("%d tariffs", len(Handler.tariffs))
    http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()


if __name__ == "__main__":
    main()
