package org.nfsproxy.server.cluster;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.KubernetesConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import java.util.List;
import org.nfsproxy.server.configuration.Cluster;

/** What Hazelcast is told. Everything it would find out, offer or tell by itself is off. */
final class MemberSettings {
  static final String INSTANCE = "instance";

  /** Keys of the largest origin's exports, one for each fsid, fit; the least used make room. */
  private static final int NAMES_OF_AN_EXPORT = 3;

  /** Little is kept: more parts would only make each change of members longer. All must agree. */
  private static final int PARTITIONS = 31;

  private static final int OPERATION_MILLIS_MAX = 5_000;
  private static final int MERGE_SECONDS = 10;

  private MemberSettings() {}

  static Config of(Cluster cluster, String instance, String page, String address, int exportsMax) {
    Config config = new Config();
    config.setClusterName(cluster.name());
    config.setInstanceName(null);
    config.getMemberAttributeConfig().setAttribute(INSTANCE, instance);
    config.getMemberAttributeConfig().setAttribute(PageAddress.ATTRIBUTE, page);
    config.setClassLoader(MemberSettings.class.getClassLoader());
    properties(config, cluster, address.indexOf(':') < 0);
    network(config, cluster, address);
    config.getJetConfig().setEnabled(false);
    config.getMetricsConfig().setEnabled(false);
    config.getManagementCenterConfig().setScriptingEnabled(false).setConsoleEnabled(false);
    config.getManagementCenterConfig().setDataAccessEnabled(false);
    config.getSerializationConfig().setJavaSerializationFilterConfig(onlyItsOwn());
    // A map of any other name would be a stranger's: it is kept as little as can be.
    config.addMapConfig(map("default", 0, cluster).setBackupCount(0));
    config.addMapConfig(map(SharedExports.MAP, exportsMax * NAMES_OF_AN_EXPORT, cluster));
    config.addMapConfig(map(SharedStatements.MAP, SharedStatements.ENTRIES_MAX, cluster));
    config.addMapConfig(locks());
    return config;
  }

  private static void properties(Config config, Cluster cluster, boolean ipv4) {
    int heartbeat = cluster.heartbeatSeconds();
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.logging.details.enabled", "false");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.jmx", "false");
    config.setProperty("hazelcast.health.monitoring.level", "OFF");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.prefer.ipv4.stack", String.valueOf(ipv4));
    // At, and from, this address alone: what a firewall says of it holds.
    config.setProperty("hazelcast.socket.client.bind.any", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.socket.server.bind.any", "false");
    config.setProperty("hazelcast.partition.count", String.valueOf(PARTITIONS));
    config.setProperty("hazelcast.heartbeat.interval.seconds", String.valueOf(every(heartbeat)));
    config.setProperty("hazelcast.max.no.heartbeat.seconds", String.valueOf(heartbeat));
    config.setProperty(
        "hazelcast.operation.call.timeout.millis", String.valueOf(OPERATION_MILLIS_MAX));
    config.setProperty("hazelcast.wait.seconds.before.join", "1");
    config.setProperty("hazelcast.max.wait.seconds.before.join", "5");
    config.setProperty("hazelcast.merge.first.run.delay.seconds", String.valueOf(MERGE_SECONDS));
    config.setProperty("hazelcast.merge.next.run.delay.seconds", String.valueOf(MERGE_SECONDS));
    // As many threads as something that happens once a minute needs.
    config.setProperty("hazelcast.operation.thread.count", "2");
    config.setProperty("hazelcast.operation.generic.thread.count", "2");
    config.setProperty("hazelcast.operation.priority.generic.thread.count", "1");
    config.setProperty("hazelcast.operation.response.thread.count", "1");
    config.setProperty("hazelcast.io.thread.count", "1");
    config.setProperty("hazelcast.event.thread.count", "1");
  }

  private static int every(int heartbeatSeconds) {
    return Math.max(1, heartbeatSeconds / 5);
  }

  // Of all that Hazelcast can speak at its port, only what members speak to each other.
  private static void network(Config config, Cluster cluster, String address) {
    ServerSocketEndpointConfig members = new ServerSocketEndpointConfig();
    members.setPort(cluster.port()).setPortAutoIncrement(false).setReuseAddress(true);
    members.getInterfaces().setEnabled(true).addInterface(address);
    JoinConfig join = config.getAdvancedNetworkConfig().setEnabled(true).getJoin();
    config.getAdvancedNetworkConfig().setMemberEndpointConfig(members);
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(false);
    Cluster.Join ways = cluster.join();
    if (!ways.tcpIp().isEmpty()) {
      List<String> members2 =
          ways.tcpIp().stream().map(at -> withPort(at, cluster.port())).toList();
      join.getTcpIpConfig().setEnabled(true).setMembers(members2);
    } else if (!ways.multicastGroup().isEmpty()) {
      join.getMulticastConfig()
          .setEnabled(true)
          .setMulticastGroup(ways.multicastGroup())
          .setMulticastPort(ways.multicastPort());
    } else {
      KubernetesConfig kubernetes = join.getKubernetesConfig().setEnabled(true);
      if (!ways.kubernetesDns().isEmpty()) {
        kubernetes.setProperty("service-dns", ways.kubernetesDns());
        kubernetes.setProperty("service-port", String.valueOf(cluster.port()));
      } else {
        kubernetes.setProperty("service-name", ways.kubernetesService());
        kubernetes.setProperty("namespace", ways.kubernetesNamespace());
        kubernetes.setProperty("service-port", String.valueOf(cluster.port()));
      }
    }
  }

  private static String withPort(String member, int port) {
    boolean hasPort = member.lastIndexOf(':') > member.lastIndexOf(']');
    return hasPort ? member : member + ":" + port;
  }

  private static MapConfig map(String name, int entriesMax, Cluster cluster) {
    EvictionConfig eviction =
        new EvictionConfig()
            .setEvictionPolicy(EvictionPolicy.LRU)
            .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
            .setSize(Math.max(PARTITIONS, entriesMax));
    return new MapConfig(name)
        .setInMemoryFormat(InMemoryFormat.BINARY)
        .setBackupCount(1)
        .setTimeToLiveSeconds(cluster.entrySeconds())
        .setEvictionConfig(eviction)
        .setMergePolicyConfig(
            new MergePolicyConfig().setPolicy(PutIfAbsentMergePolicy.class.getName()));
  }

  // Nothing of it may expire or be evicted: how many locks there are is bounded where they are
  // made.
  private static MapConfig locks() {
    return new MapConfig(SharedLockRecords.MAP)
        .setInMemoryFormat(InMemoryFormat.BINARY)
        .setBackupCount(1)
        .setMergePolicyConfig(
            new MergePolicyConfig().setPolicy(PutIfAbsentMergePolicy.class.getName()));
  }

  // What we tell are texts and bytes. Java's own serialization, of which Hazelcast makes use for
  // its exceptions, is let make nothing else: a class that does something when it is read would do
  // it here.
  private static JavaSerializationFilterConfig onlyItsOwn() {
    ClassFilter own = new ClassFilter().addPrefixes("com.hazelcast.", "java.lang.", "[");
    own.addClasses(
        "java.util.Collections$EmptyList",
        "java.util.Collections$UnmodifiableList",
        "java.util.Collections$UnmodifiableCollection",
        "java.util.ArrayList",
        "java.util.concurrent.CancellationException",
        "java.util.concurrent.CompletionException",
        "java.util.concurrent.ExecutionException",
        "java.util.concurrent.TimeoutException",
        "java.io.IOException");
    return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(own);
  }
}
