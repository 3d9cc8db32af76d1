#!/bin/bash
# Runs one ZooKeeper server with the mounted configuration.
set -eu
classpath=/etc/zookeeper/conf
for jar in zookeeper zookeeper-jute slf4j-api slf4j-simple netty-all netty-handler netty-transport netty-common netty-buffer netty-codec netty-resolver metrics-core snappy-java commons-cli audience-annotations; do
    [ -e "/usr/share/java/$jar.jar" ] && classpath="$classpath:/usr/share/java/$jar.jar"
done
for jar in /usr/share/java/netty*.jar /usr/share/java/log*.jar /usr/share/java/reload4j*.jar; do
    [ -e "$jar" ] && classpath="$classpath:$jar"
done
exec java -Xmx128m ${ZK_JVM_OPTS:-} -cp "$classpath" org.apache.zookeeper.server.quorum.QuorumPeerMain /etc/zookeeper/conf/zoo.cfg
