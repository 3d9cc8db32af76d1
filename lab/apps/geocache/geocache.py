"""Serves map tiles from a directory."""
import argparse
import http.server
import os
import signal
import sys

parser = argparse.ArgumentParser(prog="geocache")
parser.add_argument("--tiles", required=True)
parser.add_argument("--port", type=int, default=8088)
args = parser.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
os.chdir(args.tiles)
print("geocache: uid %d, serving %s on :%d" % (os.getuid(), args.tiles, args.port), flush=True)
http.server.ThreadingHTTPServer(("", args.port), http.server.SimpleHTTPRequestHandler).serve_forever()
