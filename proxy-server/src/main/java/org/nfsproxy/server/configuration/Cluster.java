package org.nfsproxy.server.configuration;

import io.netty.util.NetUtil;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.Section;

/**
 * The other instances of this proxy, and how they are found.
 *
 * @param name what the instances have in common
 * @param instance this one's name; empty for the host's name and the process's number
 * @param host an IP address of this machine, or a network that it has an address in
 * @param port where the others reach this one
 * @param page where administrators read this one's page; empty for where it is served
 * @param heartbeatSeconds silence after which an instance is taken for gone
 * @param lookupMillis what is waited for the others' word
 * @param backOffMillis for how long nobody is asked after trouble
 * @param entrySeconds how long is kept what is not repeated
 */
public record Cluster(
    boolean enabled,
    String name,
    String instance,
    String host,
    int port,
    String page,
    Join join,
    int heartbeatSeconds,
    int lookupMillis,
    int backOffMillis,
    int entrySeconds) {
  // HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT
  private static final Pattern MEMBER =
      Pattern.compile("(\\[(?<address>[^\\]]+)\\]|(?<host>[^\\[\\]:]+))(:(?<port>[0-9]{1,5}))?");

  /**
   * How other instances are found: in exactly one of these ways.
   *
   * @param tcpIp addresses; empty if not in this way
   * @param multicastGroup an IPv4 address; empty if not in this way
   * @param kubernetesDns a headless Service's name; empty if not in this way
   * @param kubernetesService a Service's name; empty if not in this way
   */
  public record Join(
      List<String> tcpIp,
      String multicastGroup,
      int multicastPort,
      String kubernetesDns,
      String kubernetesService,
      String kubernetesNamespace) {
    static Join read(Section section) {
      Section multicast = section.section("multicast");
      Section kubernetes = section.section("kubernetes");
      return new Join(
          ClusterKeys.TCP_IP.in(section),
          ClusterKeys.MULTICAST_GROUP.in(multicast),
          ClusterKeys.MULTICAST_PORT.in(multicast),
          ClusterKeys.KUBERNETES_DNS.in(kubernetes),
          ClusterKeys.KUBERNETES_SERVICE.in(kubernetes),
          ClusterKeys.KUBERNETES_NAMESPACE.in(kubernetes));
    }

    private List<String> ways() {
      return Stream.of(
              tcpIp.isEmpty() ? "" : "tcpIp",
              multicastGroup.isEmpty() ? "" : "multicast.group",
              kubernetesDns.isEmpty() ? "" : "kubernetes.serviceDns",
              kubernetesService.isEmpty() ? "" : "kubernetes.serviceName")
          .filter(way -> !way.isEmpty())
          .toList();
    }
  }

  static Cluster read(Section section) {
    int before = section.problems().size();
    Cluster cluster =
        new Cluster(
            ClusterKeys.ENABLED.in(section),
            ClusterKeys.NAME.in(section),
            ClusterKeys.INSTANCE.in(section),
            ClusterKeys.HOST.in(section),
            ClusterKeys.PORT.in(section),
            ClusterKeys.PAGE.in(section),
            Join.read(section.section("join")),
            ClusterKeys.HEARTBEAT_SECONDS.in(section),
            ClusterKeys.LOOKUP_MILLIS.in(section),
            ClusterKeys.BACK_OFF_MILLIS.in(section),
            ClusterKeys.ENTRY_SECONDS.in(section));
    List<String> ways = cluster.join.ways();
    if (cluster.enabled && ways.size() != 1 && section.problems().size() == before) {
      section.report(
          "join",
          ways.isEmpty() ? "no way to find the others" : String.join(" and ", ways),
          "one of tcpIp, multicast.group, kubernetes.serviceDns, kubernetes.serviceName");
    }
    return cluster;
  }

  /**
   * What the other instances are told of where this one's page is read.
   *
   * @return empty if nobody said, and it is not where another machine could read it
   */
  public String pageOf(Admin admin) {
    if (!page.isEmpty() || !admin.enabled() || admin.port() == 0) {
      return page;
    }
    String host = admin.host();
    if (host.contains("%") || !ThisMachine.isReachedFromElsewhere(host)) {
      return "";
    }
    String scheme = admin.access().tls().certificate().isEmpty() ? "http" : "https";
    return scheme
        + "://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + admin.port()
        + "/";
  }

  static boolean isMember(String text) {
    Matcher member = MEMBER.matcher(text);
    if (!member.matches()) {
      return false;
    }
    String port = member.group("port");
    String address = member.group("address");
    boolean isPort = port == null || port(port) >= 1 && port(port) <= 65535;
    return isPort
        && (address == null
            ? Hosts.isHost(member.group("host"))
            : address.contains(":") && Hosts.isAddress(address));
  }

  private static int port(String digits) {
    return Integer.parseInt(digits);
  }

  static boolean isMulticast(String text) {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
    return address != null && address.length == 4 && (address[0] & 0xf0) == 0xe0;
  }
}
