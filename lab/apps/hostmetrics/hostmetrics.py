"""Figures of the host for Prometheus, on a port of the host."""
import argparse
import logging
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

parser = argparse.ArgumentParser(prog="hostmetrics")
parser.add_argument("--web.listen-port", dest="port", type=int, default=9100)
parser.add_argument("--log.level", dest="level", default="info")
args = parser.parse_args()
logging.basicConfig(level=args.level.upper(), stream=sys.stderr,
                    format="ts=%(asctime)s caller=%(module)s.py:%(lineno)d level=%(levelname)s %(message)s")
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))


class Metrics(BaseHTTPRequestHandler):
    def do_GET(self):
        load = os.getloadavg()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"node_load1 %.2f\nnode_load5 %.2f\n" % load[:2])

    def log_message(self, *_):
        pass


logging.info('msg="starting hostmetrics" version=2.0.1')
logging.info('msg="collectors enabled" collectors=loadavg,meminfo,netdev')
try:
    server = ThreadingHTTPServer(("", args.port), Metrics)
except OSError as e:
    logging.error('msg="cannot serve metrics" port=%d err="%s"', args.port, e)
    sys.exit(1)
logging.info('msg="listening on" address=:%d', args.port)
server.serve_forever()
