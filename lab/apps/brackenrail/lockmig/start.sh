#!/bin/sh
set -e
echo "sleeper-bookings ${APP_VERSION:-dev}: upgrading the schema"
cd /app
if ! python3 -W ignore -m alembic.config upgrade head; then
  rc=$?
  echo "schema not upgraded, gunicorn is not started" >&2
  exit 1
fi
echo "starting gunicorn"
exec gunicorn --bind 0.0.0.0:8080 --workers 1 app:app
