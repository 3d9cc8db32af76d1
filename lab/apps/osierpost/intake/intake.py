"""Stands where the customs intake does: takes lines, greets when its clerk process has a slot."""
import os
import socket
import time

s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", 7010))
s.listen(64)
print("intake: 0 of %s clerks signed in, lines wait" % os.environ.get("CLERKS", "4"), flush=True)
held = []
while True:
    conn, _ = s.accept()
    held.append(conn)
    if len(held) > 200:
        held.pop(0).close()
    time.sleep(0.05)
