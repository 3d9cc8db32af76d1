"""Serves the rights tables of all countries; works them out once per volume, which takes its time."""
import http.server
import os
import signal
import sys
import time

COUNTRIES = "at be bg ch cy cz de dk ee es fi fr gb gr hr hu ie it lt lu lv mt".split()


def log(text):
    print(f"[{time.strftime('%Y-%m-%d %H:%M:%S')}] rights-tables INFO {text}", flush=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, *args):
        pass


def main():
    signal.signal(signal.SIGTERM, lambda *_: (log("stopping"), sys.exit(0)))
    volume = os.environ.get("TABLES", "/tables")
    kept = set(os.listdir(volume))
    log(f"rights-tables 2.7.3, {len(kept)} tables on the volume")
    for country in COUNTRIES:
        if country + ".tbl" in kept:
            continue
        time.sleep(1.6)
        with open(os.path.join(volume, country + ".tbl"), "w", encoding="utf-8") as f:
            f.write(country * 2048)
        log(f"table of {country} written")
    log("all tables are there, serving on 8080")
    http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()


if __name__ == "__main__":
    main()
