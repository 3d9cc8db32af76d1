# The class path of Debian's ZooKeeper.
j=/usr/share/java
CP=$j/zookeeper.jar:$j/zookeeper-jute.jar:$j/slf4j-api.jar:$j/slf4j-simple.jar:$j/log4j-1.2.jar:$j/netty-all.jar:$j/commons-cli.jar:$j/metrics-core.jar:$j/snappy-java.jar
for jar in "$j"/netty-{buffer,codec,common,handler,resolver,transport}*.jar; do CP=$CP:$jar; done
export CP
