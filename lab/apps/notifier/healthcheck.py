"""Asks the notifier whether it is alive; for exec probes."""
import socket
import sys

client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
client.connect("/tmp/notifier.sock")
answer = client.recv(100).decode()
print(answer)
sys.exit(0 if answer.startswith("ok") else 1)
