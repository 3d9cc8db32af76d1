#!/bin/bash
# Creates the data directory at the first start (superuser's password, one database, the SQL files of
# /docker-entrypoint-initdb.d), then becomes the server. Any other command is run as it is.
set -Eeuo pipefail

bin=/usr/lib/postgresql/15/bin
export PATH="$bin:$PATH"
[ "${1:-}" = postgres ] || exec "$@"

if [ ! -s "$PGDATA/PG_VERSION" ] && [ "$(id -u)" != 0 ]; then
  if [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo "error: the data directory is empty and POSTGRES_PASSWORD is not set" >&2
    exit 1
  fi
  : "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}"
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  initdb --no-sync --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
    --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256
  echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  pg_ctl -w start -o "-c listen_addresses=''"
  if [ "$POSTGRES_DB" != postgres ]; then
    psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --command "create database \"$POSTGRES_DB\""
  fi
  for f in /docker-entrypoint-initdb.d/*.sql; do
    [ -e "$f" ] || continue
    echo "$0: running $f"
    psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file "$f"
  done
  pg_ctl -w -m fast stop
  echo "PostgreSQL init process complete; ready for start up."
else
  echo "PostgreSQL database directory appears to contain a database; skipping initialization."
fi

exec "$@"
