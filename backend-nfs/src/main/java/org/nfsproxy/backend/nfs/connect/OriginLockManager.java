package org.nfsproxy.backend.nfs.connect;

import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.LockOrigin;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.nfs.table.Programs;

/** The lock manager of the server that serves. */
// Locks are where the clients' files are, at one address of one server: see leadsToOneAddress.
public final class OriginLockManager implements LockOrigin {
  private final OriginServers servers;

  public OriginLockManager(OriginServers servers) {
    this.servers = servers;
  }

  @Override
  public Future<NetSocket> connect(@Nullable InetAddress from) {
    OriginServer server = servers.serving();
    return server
        .programs()
        .port(Programs.NLM)
        .compose(port -> server.connector().connect(port, from));
  }

  @Override
  public List<Problem> unfit() {
    return servers.inOrder().size() > 1
        ? List.of(
            new Problem(
                "backend.origin.equivalents",
                "other servers, and locks.enabled: true",
                "one of both: a lock that was made at one server may not be unlocked at another"))
        : List.of();
  }

  @Override
  public Future<Void> leadsToOneAddress() {
    if (servers.inOrder().size() > 1) {
      return Future.failedFuture(
          new IOException(
              "backend.origin.equivalents names other servers, and a lock that was made at one may"
                  + " not be unlocked at another: locks.enabled goes with a single origin. Take the"
                  + " equivalents out, or set locks.enabled to false"));
    }
    return addresses()
        .otherwise(List.of())
        .compose(
            found ->
                found.size() < 2
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new IOException(
                            "backend.origin.host is a name of the addresses %s, and locks need one: put"
                                    .formatted(text(found))
                                + " one of them in its place")));
  }

  private static String text(List<InetAddress> addresses) {
    return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
  }

  @Override
  public void mayHaveMoved() {
    servers.serving().programs().mayHaveMoved();
  }

  @Override
  public Future<List<InetAddress>> addresses() {
    return servers.serving().name().addresses();
  }
}
