"""Index of contracts by meter; replays its journal into memory before it serves."""
import http.server
import logging
import struct
import sys

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s index-store %(message)s")
FORMAT = 2


def replay(path):
    with open(path, "rb") as f:
        head = f.read(8)
        version, entries = struct.unpack(">BI", head[3:])
        if version > FORMAT:
            logging.critical("journal %s has format %d, this release reads up to %d", path, version, FORMAT)
            sys.exit(78)
        logging.info("replaying %d entries", entries)
        index = {}
        for n in range(entries):
            meter, contract = struct.unpack(">IQ", f.read(12))
            index[n] = ("meter-%09d" % meter, contract)
            if n % 100000 == 99999:
                logging.info("%d entries replayed", n + 1)
    return index


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"%d\n" % len(index))

    def log_message(self, *args):
        pass


logging.info("index-store 4.8.2, O_DIRECT is not supported by this file system, using buffered reads")
index = replay("/data/journal")
logging.info("index of %d contracts, serving on :8080", len(index))
http.server.ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
