#!/bin/bash
# One command of the ZooKeeper shell.
. /opt/zookeeper/bin/zk-env
exec java -Xmx64m -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$CP" org.apache.zookeeper.ZooKeeperMain -server "${ZK_SERVER:-coordination:2181}" "$@"
