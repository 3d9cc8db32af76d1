"""Services of what viewers do: comments, votes, watch lists. All of them keep it in the watch store."""
import http.server
import json
import os
import signal
import socket
import sys
import time

NAME = os.environ.get("SERVICE_NAME", "watchdata")


def log(level, event, **more):
    print(json.dumps({"@timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "log.level": level, "service.name": NAME, "message": event, **more}), flush=True)


def store():
    host, _, port = os.environ.get("WATCH_STORE", "watch-store:6379").partition(":")
    for attempt in range(1, 4):
        try:
            link = socket.create_connection((host, int(port)), timeout=3)
            link.sendall(b"PING\r\n")
            if link.recv(64).startswith(b"+PONG"):
                return link
        except OSError as e:
            log("warn", "watch store is not there", attempt=attempt, error=str(e), store=f"{host}:{port}")
        time.sleep(1.5)
    log("fatal", "no watch store, giving up", store=f"{host}:{port}")
    sys.exit(1)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log("info", "starting", version="1.8.0")
    store()
    log("info", "watch store answers")
    http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()


if __name__ == "__main__":
    main()
