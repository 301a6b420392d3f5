package org.nfsproxy.backend.coordinated.nfs4j;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.CompletionHandler;
import org.dcache.oncrpc4j.rpc.ReplyQueue;
import org.dcache.oncrpc4j.rpc.RpcTransport;
import org.dcache.oncrpc4j.xdr.Xdr;

/** What nfs4j takes for the client's connection. Nothing can be sent on it. */
// Calls and replies are ours to carry, and there are no callbacks. To nfs4j all clients seem to
// come by one connection, which is right for sessions that are bound to none (SP4_NONE).
final class NoTransport implements RpcTransport {
  static final NoTransport NONE = new NoTransport();

  private static final InetSocketAddress NOBODY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private NoTransport() {}

  @Override
  public <A> void send(Xdr xdr, A attachment, CompletionHandler<Integer, ? super A> handler) {
    throw new IllegalStateException("nothing is sent to clients");
  }

  @Override
  public ReplyQueue getReplyQueue() {
    throw new IllegalStateException("nothing is sent to clients");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public InetSocketAddress getLocalSocketAddress() {
    return NOBODY;
  }

  @Override
  public InetSocketAddress getRemoteSocketAddress() {
    return NOBODY;
  }

  @Override
  public RpcTransport getPeerTransport() {
    return this;
  }

  @Override
  public void startTLS() {
    throw new IllegalStateException("no TLS here");
  }

  @Override
  public boolean isTLS() {
    return false;
  }
}
