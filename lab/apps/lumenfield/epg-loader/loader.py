"""Loads the programme guide of the coming days and keeps it for those who ask."""
import http.server
import json
import logging
import os
import sys
import time

logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s.%(msecs)03d %(levelname)-7s epg %(message)s", datefmt="%Y-%m-%d %H:%M:%S")
log = logging.getLogger()


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"channels": len(guide)}).encode())

    def log_message(self, *args):
        pass


guide = {}


def programme(channel, day, slot):
    return {"id": f"{channel}-{day}-{slot}", "title": f"Programme {slot} of {channel}", "synopsis": f"{channel} {day} {slot} " * 40}


def main():
    log.info("epg-loader 8.1.0, Python %s", sys.version.split()[0])
    source = os.environ.get("EPG_SOURCE")
    if not source:
        log.critical("EPG_SOURCE is not set, nothing to load")
        sys.exit(2)
    days = int(os.environ.get("EPG_DAYS", "3"))
    log.info("loading %d days from %s", days, source)
    for n in range(1, int(os.environ.get("EPG_CHANNELS", "120")) + 1):
        channel = f"ch{n:03d}"
        guide[channel] = [programme(channel, day, slot) for day in range(days) for slot in range(48)]
        if n % 10 == 0:
            log.info("%d channels, %d programmes", n, n * days * 48)
            time.sleep(0.4)
    log.info("guide is complete")
    http.server.ThreadingHTTPServer(("", 8080), Answer).serve_forever()


if __name__ == "__main__":
    main()
