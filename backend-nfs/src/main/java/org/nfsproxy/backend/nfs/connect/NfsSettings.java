package org.nfsproxy.backend.nfs.connect;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.nfs.questions.OriginPorts;
import org.nfsproxy.backend.nfs.tls.OriginTlsSettings;
import org.nfsproxy.configuration.Section;

/**
 * The configuration of this backend, the section {@code backend}; {@link NfsKeys} says what each
 * key means.
 *
 * @param identity what clients take the proxy for
 * @param host name or address of the origin
 * @param port its NFS port
 * @param mountPort its MOUNT port; 0 asks its portmapper
 * @param aclPort its NFS_ACL port; 0 asks its portmapper
 * @param nlmPort NLM port; 0 asks the portmapper
 * @param reservedPorts whether connections leave from ports below 1024
 * @param reservedPortsPerClientMax of them, for a client address while they are few; 0 for no bound
 * @param localAddresses where connections leave from; none lets the system choose
 * @param connectMillis how long one attempt to connect may take
 * @param waitMillis how long a client's first call waits for an origin that is away
 * @param quietMillis after how long without anything from the origin it is asked whether it answers
 * @param delayRepeatMillis how long a call is repeated whose SEQUENCE was answered DELAY; 0 never
 * @param delayRepeatBytesMax bytes of calls that are kept for it
 * @param equivalents servers that may take the origin's place, in order
 * @param tls how connections to them are protected
 */
public record NfsSettings(
    Identity identity,
    String host,
    int port,
    int mountPort,
    int aclPort,
    int nlmPort,
    ReservedPortPolicy reservedPorts,
    int reservedPortsPerClientMax,
    List<InetAddress> localAddresses,
    int connectMillis,
    int waitMillis,
    int quietMillis,
    int delayRepeatMillis,
    long delayRepeatBytesMax,
    List<OriginAddress> equivalents,
    OriginTlsSettings tls) {

  public static NfsSettings read(Section backend) {
    Section origin = backend.section("origin");
    Section ports = origin.section("ports");
    return new NfsSettings(
        NfsKeys.IDENTITY.in(backend),
        NfsKeys.HOST.in(origin),
        NfsKeys.PORT.in(origin),
        NfsKeys.MOUNT_PORT.in(ports),
        NfsKeys.ACL_PORT.in(ports),
        NfsKeys.NLM_PORT.in(ports),
        NfsKeys.RESERVED_PORTS.in(origin),
        NfsKeys.RESERVED_PORTS_PER_CLIENT_MAX.in(origin),
        NfsKeys.LOCAL_ADDRESSES.in(origin).stream()
            .map(NetUtil::createInetAddressFromIpAddressString)
            .toList(),
        NfsKeys.CONNECT_MILLIS.in(origin),
        NfsKeys.WAIT_MILLIS.in(origin),
        NfsKeys.QUIET_MILLIS.in(origin),
        NfsKeys.DELAY_REPEAT_MILLIS.in(origin),
        NfsKeys.DELAY_REPEAT_BYTES_MAX.in(origin),
        NfsKeys.EQUIVALENTS.in(origin).stream().map(OriginAddress::parse).toList(),
        OriginTlsSettings.read(origin.section("tls")));
  }

  /**
   * The origin, and those that may take its place.
   *
   * @return hosts and NFS ports, unresolved
   */
  public List<SocketAddress> servers() {
    return Stream.concat(Stream.of(new OriginAddress(host, port)), equivalents.stream())
        .map(
            each ->
                SocketAddress.inetSocketAddress(each.port() == 0 ? port : each.port(), each.host()))
        .toList();
  }

  /**
   * Those of the origin and its equivalents, as long as a port is to be asked for.
   *
   * @param withLocks whether that of NLM is
   * @return hosts and ports, unresolved; empty if all ports are given
   */
  public List<SocketAddress> portmappers(boolean withLocks) {
    boolean isAsked = mountPort == 0 || aclPort == 0 || withLocks && nlmPort == 0;
    return isAsked
        ? servers().stream()
            .map(each -> SocketAddress.inetSocketAddress(OriginPorts.PORTMAP_PORT, each.host()))
            .toList()
        : List.of();
  }
}
