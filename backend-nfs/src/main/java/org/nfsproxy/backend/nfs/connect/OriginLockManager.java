package org.nfsproxy.backend.nfs.connect;

import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.LockOrigin;
import org.nfsproxy.nfs.table.Programs;

/** The lock manager of the server that serves. */
// Locks are where the clients' files are: whoever serves is asked, and nobody in its place.
// One that takes over knows the locks (backend.origin.equivalents says so), or has never heard of
// them.
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
  public void mayHaveMoved() {
    servers.serving().programs().mayHaveMoved();
  }

  @Override
  public Future<List<InetAddress>> addresses() {
    return servers.serving().name().addresses();
  }
}
