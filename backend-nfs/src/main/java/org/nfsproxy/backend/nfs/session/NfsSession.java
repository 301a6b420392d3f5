package org.nfsproxy.backend.nfs.session;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.backend.nfs.connect.OriginConnector;
import org.nfsproxy.backend.nfs.connect.OriginServers;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.Call;

/**
 * The origin connections of one client connection: one for each port of the origin that its calls
 * need, opened with the first of them.
 */
// The NFS connection is the pair of the client's own: when it is lost, the client's is closed, and
// the client retries what is in flight. MOUNT and NFS_ACL may go to ports of their own; servers
// close those when they are idle, which no client should notice, so they are opened again.
public final class NfsSession implements BackendSession, OriginLink.LinkOwner {
  private final ClientSide client;
  private final OriginConnector connector;
  private final OriginServers servers;
  private final DelayBounds delays;
  private final Map<Integer, OriginLink> links = new HashMap<>(4);
  private @Nullable OriginLink nfs;
  private @Nullable OriginLink begun;

  public NfsSession(
      ClientSide client, OriginConnector connector, OriginServers servers, DelayBounds delays) {
    this.client = client;
    this.connector = connector;
    this.servers = servers;
    this.delays = delays;
  }

  @Override
  public void call(Call call, ByteBuf record) {
    linkFor(call.program()).call(call, record);
  }

  @Override
  public boolean begin(Call call, ByteBuf head) {
    OriginLink link = linkFor(call.program());
    if (!link.begin(call, head)) {
      return false;
    }
    begun = link;
    return true;
  }

  @Override
  public void more(ByteBuf bytes) {
    Objects.requireNonNull(begun).send(bytes);
  }

  @Override
  public void end(Call call, ByteBuf rest) {
    OriginLink link = Objects.requireNonNull(begun);
    begun = null;
    link.end(call, rest);
  }

  private OriginLink linkFor(int program) {
    if (servers.serving().programs().sharesNfsPort(program)) {
      if (nfs == null) {
        nfs = open(Programs.NFS);
      }
      return nfs;
    }
    return links.computeIfAbsent(program, this::open);
  }

  private OriginLink open(int program) {
    return new OriginLink(client, connector, program, delays, servers.reachability(), this);
  }

  @Override
  public void flush() {
    if (nfs != null) {
      nfs.flush();
    }
    if (!links.isEmpty()) {
      links.values().forEach(OriginLink::flush);
    }
  }

  @Override
  public void callbackReply(ReplyStream stream, ByteBuf record) {
    if (nfs != null && nfs.replies() == stream) {
      nfs.callbackReply(record);
    } else {
      record.release();
    }
  }

  @Override
  public int originPort() {
    OriginLink link = nfs;
    return link == null ? 0 : link.localPort();
  }

  @Override
  public void linkEnded(OriginLink link, String why) {
    if (link == nfs) {
      client.close(why);
    } else {
      links.values().remove(link);
      servers.mayHaveMoved();
    }
  }

  @Override
  public void close() {
    if (nfs != null) {
      nfs.close();
    }
    links.values().forEach(OriginLink::close);
  }
}
