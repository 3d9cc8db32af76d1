"""Copies bookings from the ledger's database into the reporting store."""
import os
import sys
import time

import psycopg2


def log(level, text):
    print("%s | %-5s | ledger-sync | %s" % (time.strftime("%Y-%m-%d %H:%M:%S"), level, text), flush=True)


log("INFO", "version 3.3.1, batch size 500, checkpoint none")
try:
    db = psycopg2.connect(host=os.environ["DB_HOST"], dbname=os.environ["DB_NAME"], user=os.environ["DB_USER"], password=os.environ["DB_PASSWORD"], connect_timeout=4)
except psycopg2.OperationalError as e:
    log("ERROR", "source database: " + " / ".join(str(e).strip().splitlines()))
    time.sleep(0.5)
    sys.exit(4)
log("INFO", "connected, server %s" % db.server_version)
while True:
    time.sleep(10)
    log("INFO", "0 new bookings")
