"""Outbox of policy events: one writer, a SQLite file on the node's disk."""
import logging
import os
import signal
import sqlite3
import sys
import time

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="time=%(asctime)s level=%(levelname)s logger=%(name)s %(message)s")
log = logging.getLogger("outbox")
PATH = os.environ.get("OUTBOX_PATH", "/var/lib/outbox/outbox.db")


def open_store():
    db = sqlite3.connect(PATH, timeout=4, isolation_level=None)
    db.execute("PRAGMA locking_mode=EXCLUSIVE")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("BEGIN IMMEDIATE")
    db.execute("CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, body TEXT, sent INTEGER DEFAULT 0)")
    db.execute("COMMIT")
    return db


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log.info('msg="outbox starting" version=%s path=%s', os.environ.get("VERSION", "2.0.3"), PATH)
    log.warning('msg="no dead letter topic configured"')
    if os.environ.get("COMPACT") == "1":
        log.info('msg="compaction on start enabled"')
    db = open_store()
    log.info('msg="store open" pending=%d', db.execute("SELECT count(*) FROM events WHERE sent=0").fetchone()[0])
    open("/tmp/ready", "w").close()
    n = 0
    while True:
        n += 1
        db.execute("INSERT INTO events(body) VALUES (?)", ("policy-%d" % n,))
        time.sleep(0.5)


main()
