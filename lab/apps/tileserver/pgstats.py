"""Exports the database's statistics as metrics; tries for ever."""
import logging
import os
import sys
import time

import psycopg2

logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="ts=%(asctime)s caller=exporter.py level=%(levelname)s %(message)s")
while True:
    try:
        psycopg2.connect(host=os.environ["PGHOST"], user=os.environ["PGUSER"], password=os.environ["PGPASSWORD"], dbname="tiles", connect_timeout=4).close()
        logging.info('msg="scrape ok"')
    except psycopg2.OperationalError as e:
        logging.error('msg="Error opening connection to database" err="pq: %s"', str(e).strip().splitlines()[-1])
    time.sleep(3)
