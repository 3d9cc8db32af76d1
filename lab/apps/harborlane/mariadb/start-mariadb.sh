#!/bin/bash
# Makes the data directory when there is none, then runs the server in the foreground.
set -eu
data=/var/lib/mysql
if [ ! -d "$data/mysql" ]; then
    echo "[start-mariadb] initialising $data"
    mariadb-install-db --no-defaults --datadir="$data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
fi
cat >/tmp/init.sql <<SQL
CREATE DATABASE IF NOT EXISTS ${MARIADB_DATABASE};
CREATE USER IF NOT EXISTS '${MARIADB_USER}'@'%' IDENTIFIED BY '${MARIADB_PASSWORD}';
GRANT ALL ON ${MARIADB_DATABASE}.* TO '${MARIADB_USER}'@'%';
SQL
exec mariadbd --defaults-file=/etc/mysql/my.cnf --datadir="$data" --init-file=/tmp/init.sql
