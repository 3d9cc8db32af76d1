"""Licence manager of the imaging viewers: hands out seats over a line protocol."""
import os
import socketserver
import threading
import time

SEATS = int(os.environ.get("SEATS", "2"))
taken, lock = {}, threading.Lock()


def log(text):
    print(time.strftime("%H:%M:%S"), "(lmd)", text, flush=True)


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline().decode().split()
        if len(words) != 3 or words[0] != "CHECKOUT":
            return
        _, feature, host = words
        with lock:
            if len(taken) >= SEATS and host not in taken:
                log(f'DENIED: "{feature}" {host} (all {SEATS} seats in use)')
                self.wfile.write(f"DENIED -4 {feature} {SEATS}/{SEATS}\n".encode())
                return
            taken[host] = time.time()
        log(f'OUT: "{feature}" {host}')
        self.wfile.write(b"GRANTED 3600\n")
        self.rfile.read()
        with lock:
            taken.pop(host, None)
        log(f'IN: "{feature}" {host}')


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


log(f"licence manager 11.16, feature DICOM_3D, {SEATS} seats, maintenance until 2027-06")
Server(("", 27010), Session).serve_forever()
