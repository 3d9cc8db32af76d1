#!/bin/sh
# first process of the directory pods
set -eu
DATA=${LDAP_DATA:-/var/lib/ldap}
CONF=${LDAP_CONF:-/etc/openldap/slapd.conf}
echo "directory $(uname -n): starting slapd from $CONF, data in $DATA ($(ls "$DATA" | wc -l) files)"
exec slapd -d "${LDAP_LOGLEVEL:-256}" -h "ldap://0.0.0.0:${LDAP_PORT:-1389}/" -f "$CONF"
