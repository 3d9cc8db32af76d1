#!/bin/bash
# Runs one ZooKeeper server with the mounted configuration.
set -eu
. /opt/zookeeper/bin/zk-env
exec java -Xmx128m -Dzookeeper.admin.enableServer=false -Dzookeeper.4lw.commands.whitelist=ruok,srvr -cp "$CP" \
    org.apache.zookeeper.server.quorum.QuorumPeerMain /etc/zookeeper/conf/zoo.cfg
