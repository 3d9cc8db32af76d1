"""Measures the way to the transmitter sites with ICMP, as the network people like it."""
import http.server
import os
import socket
import struct
import threading
import time


def note(level, text):
    print(f"{level} {time.strftime('%H:%M:%S')} linkprobe {text}", flush=True)


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


def echo(sock, host, number):
    packet = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xFFFF, number)
    total = sum(struct.unpack("!4H", packet))
    total = (total >> 16) + (total & 0xFFFF)
    sock.sendto(packet[:2] + struct.pack("!H", ~total & 0xFFFF) + packet[4:], (host, 0))


def main():
    sites = os.environ.get("SITES", "127.0.0.1").split(",")
    note("I", f"link-probe 3.0.0, {len(sites)} sites, every {os.environ.get('EVERY', '5')} s")
    if "INFLUX_URL" not in os.environ:
        note("W", "INFLUX_URL is not set, measurements go to this log only")
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    threading.Thread(target=http.server.ThreadingHTTPServer(("", 9115), Health).serve_forever, daemon=True).start()
    number = 0
    while True:
        number += 1
        for site in sites:
            try:
                echo(sock, site, number)
                note("I", f"site={site} seq={number} sent")
            except OSError as e:
                note("W", f"site={site} seq={number} {e.strerror}")
        time.sleep(float(os.environ.get("EVERY", "5")))


if __name__ == "__main__":
    main()
