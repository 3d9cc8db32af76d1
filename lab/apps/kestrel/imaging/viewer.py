"""Imaging viewer: renders studies for the wards. A seat is needed for every running copy."""
import logging
import os
import socket
import sys
import time

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(name)s[%(process)d] %(levelname)s %(message)s")
log = logging.getLogger("viewer")


class SeatDenied(Exception):
    pass


def seat(address):
    host, port = address.rsplit(":", 1)
    connection = socket.create_connection((host, int(port)), timeout=5)
    connection.sendall(f"CHECKOUT DICOM_3D {socket.gethostname()}\n".encode())
    connection.settimeout(None)
    answer = connection.recv(200).decode().split()
    if answer[0] != "GRANTED":
        raise SeatDenied(answer)
    return connection


log.info("imaging viewer 14.2 build 8811, codecs: jpeg2000, jpeg-ls, rle")
log.warning("no GPU found, volume rendering uses the CPU")
log.info("checking out DICOM_3D from %s", os.environ["LICENCE_SERVER"])
try:
    held = seat(os.environ["LICENCE_SERVER"])
except SeatDenied as e:
    log.error("licence checkout failed for DICOM_3D (-4): licensed number of users already reached, seats %s", e.args[0][3])
    log.info("closing study cache")
    log.info("viewer closed, uptime %.1fs", time.process_time())
    sys.exit(77)
log.info("ready")
open("/tmp/ready", "w").close()
while True:
    time.sleep(30)
    log.info("studies rendered: 0, cache 0 MiB")
