#!/bin/bash
# Runs ejabberd in the foreground; the node is named after the host, as in the package.
set -eu
spool=${EJABBERD_SPOOL:-/var/lib/ejabberd}
mkdir -p "$spool"
[ -s "$HOME/.erlang.cookie" ] || { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$HOME/.erlang.cookie"; chmod 0400 "$HOME/.erlang.cookie"; }
export EJABBERD_CONFIG_PATH=/etc/ejabberd/ejabberd.yml EJABBERD_LOG_PATH=/tmp/ejabberd.log
libs=$(ls -d /usr/lib/x86_64-linux-gnu/*/ebin /usr/lib/x86_64-linux-gnu/ejabberd*/ebin 2>/dev/null | sort -u)
echo "starting ejabberd as ejabberd@$(cat /proc/sys/kernel/hostname), spool $spool"
exec erl -noinput -sname "ejabberd@$(cat /proc/sys/kernel/hostname)" -mnesia dir "\"$spool\"" -pa $libs -kernel inet_dist_use_interface '{127,0,0,1}' -s ejabberd
