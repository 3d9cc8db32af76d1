"""Prints patients' wristbands: takes orders from the wards, draws a data matrix, sends it to the printer."""
import ctypes
import json
import logging
import os
import sys
import time

logging.basicConfig(stream=sys.stdout, level=logging.DEBUG, format="%(levelname).1s %(asctime)s wristbands.%(name)s %(message)s")
log = logging.getLogger("main")


class Matrix:
    """The data matrix encoder of the C library."""

    NAMES = ("libdmtx.so.0",)

    def __init__(self):
        for name in self.NAMES:
            log.debug("loading encoder %s", name)
            self.lib = ctypes.CDLL(name)

    def encode(self, text):
        enc = self.lib.dmtxEncodeCreate()
        return self.lib.dmtxEncodeDataMatrix(enc, len(text), text.encode())


def settings():
    path = os.environ.get("WRISTBANDS_LOCAL", "/etc/wristbands/local.json")
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f)
    except FileNotFoundError as e:
        log.warning("no local settings (%s), using the defaults", e)
        return {"dpi": 203, "printer": os.environ.get("PRINTER_URI", "socket://printer:9100")}


log.info("wristbands 3.3.0 starting")
conf = settings()
log.info("printer %s at %d dpi", conf["printer"], conf["dpi"])
matrix = Matrix()
log.info("encoder ready")
while True:
    time.sleep(10)
