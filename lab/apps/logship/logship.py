"""A log shipper: tails a file on a shared volume and posts it to the collector, for ever, whatever happens."""
import logging
import os
import sys
import time
import urllib.request

logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="[%(asctime)s] [%(levelname)5s] [%(name)s] %(message)s")
engine = logging.getLogger("engine")
output = logging.getLogger("output:http:http.0")
tail = logging.getLogger("input:tail:tail.0")


def flush(url, chunk, attempt):
    try:
        urllib.request.urlopen(url, data=chunk, timeout=2).read()
    except Exception as e:
        output.error("could not flush records to %s (%s)", url, e)
        engine.warning("failed to flush chunk '1-%d.flb', retry in %d seconds: task_id=%d, input=tail.0 > output=http.0",
                       int(time.time()), 2 + attempt % 5, attempt)


def main():
    path, url = os.environ["TAIL_PATH"], os.environ["COLLECTOR_URL"]
    engine.info("log shipper 2.1 started, pid %d", os.getpid())
    offset, attempt = 0, 0
    while True:
        attempt += 1
        try:
            with open(path, "rb") as f:
                f.seek(offset)
                chunk = f.read()
                offset = f.tell()
        except FileNotFoundError:
            tail.error("[static files] file does not exist: %s", path)
            chunk = b""
        flush(url, chunk or b"heartbeat", attempt)
        time.sleep(2)


if __name__ == "__main__":
    main()
