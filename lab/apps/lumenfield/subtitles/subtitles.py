"""Subtitles API: WebVTT files of episodes."""
import http.server
import os
import signal
import sys
import threading
import time


def logfmt(level, msg, **more):
    pairs = " ".join(f'{k}={v}' for k, v in more.items())
    print(f'time={time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())} level={level} msg="{msg}" {pairs}'.rstrip(), flush=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"WEBVTT\n" if self.path.endswith(".vtt") else b"ok\n"
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def main():
    host, _, port = os.environ.get("SUBTITLES_LISTEN", "0.0.0.0:8085").rpartition(":")
    languages = os.environ.get("LANGUAGES", "en,de,fr").split(",")
    logfmt("info", "starting subtitles-api", version="1.19.4", languages=len(languages))
    if "he" in languages or "ar" in languages:
        logfmt("warn", "right-to-left cues are experimental", languages=",".join(languages))
    server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    logfmt("info", "listening", addr=f"{host}:{port}")
    server.serve_forever()
    logfmt("info", "shutdown complete", requests=0)
    sys.exit(0)


if __name__ == "__main__":
    main()
