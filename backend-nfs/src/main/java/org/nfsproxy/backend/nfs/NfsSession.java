package org.nfsproxy.backend.nfs;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.rpc.Call;

/**
 * The origin connections of one client connection: one for each port of the origin that its calls
 * need, opened with the first of them.
 */
// The NFS connection is the pair of the client's own: when it is lost, the client's is closed, and
// the client retries what is in flight. MOUNT and NFS_ACL may go to ports of their own; servers
// close those when they are idle, which no client should notice, so they are opened again.
final class NfsSession implements BackendSession, OriginLink.LinkOwner {
  private final ClientSide client;
  private final OriginConnector connector;
  private final OriginServers servers;
  private final Map<Integer, OriginLink> links = new HashMap<>(4);
  private OriginLink nfs;

  NfsSession(ClientSide client, OriginConnector connector, OriginServers servers) {
    this.client = client;
    this.connector = connector;
    this.servers = servers;
  }

  @Override
  public void call(Call call, ByteBuf record) {
    linkFor(call.program()).call(call, record);
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
    return new OriginLink(client, connector, program, this);
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
      nfs.send(record);
    } else {
      record.release();
    }
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
