"""Makes thumbnails in a pool of worker processes, so that a heavy picture does not block the others."""
import logging
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s [%(processName)s] %(message)s")
log = logging.getLogger("thumbnails")


def decode(job):
    """An uncompressed picture needs width x height x 4 bytes, twice while it is scaled."""
    name, width, height = job
    log.info("decoding %s (%dx%d)", name, width, height)
    raw = bytearray(width * height * 4)
    raw[::4096] = b"\x01" * len(raw[::4096])
    scaled = bytes(raw)
    time.sleep(0.2)
    return name, len(scaled)


def jobs():
    for i in range(1, 9):
        yield "upload-%04d.jpg" % i, 1200, 800
    yield "upload-0009-panorama.jpg", 12000, 9000


def main():
    log.info("thumbnails 1.3.2, %s workers", os.environ.get("WORKERS", "2"))
    with ProcessPoolExecutor(int(os.environ.get("WORKERS", "2"))) as pool:
        for future in as_completed([pool.submit(decode, job) for job in jobs()]):
            name, size = future.result()
            log.info("%s done, %d bytes decoded", name, size)
    log.info("batch finished")
    time.sleep(3600)


if __name__ == "__main__":
    main()
