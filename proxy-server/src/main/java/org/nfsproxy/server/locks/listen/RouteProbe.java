package org.nfsproxy.server.locks.listen;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Says from which address of ours a datagram to somebody would leave. Used by one thread. */
// Connecting a datagram socket sends nothing: the system looks up the route. One socket serves for
// all who ask; it is connected and disconnected again, so that no packet is ever meant for it.
final class RouteProbe {
  private @Nullable DatagramChannel channel;
  private boolean isClosed;

  /**
   * The address towards a client.
   *
   * @return null if there is no way to it
   */
  @Nullable InetAddress towards(InetAddress client, int port) {
    try {
      DatagramChannel open = open();
      if (open == null) {
        return null;
      }
      open.connect(new InetSocketAddress(client, port));
      InetSocketAddress local = (InetSocketAddress) open.getLocalAddress();
      open.disconnect();
      return local.getAddress();
    } catch (IOException | RuntimeException noRoute) {
      closeChannel();
      return null;
    }
  }

  private @Nullable DatagramChannel open() throws IOException {
    if (channel == null && !isClosed) {
      channel = DatagramChannel.open();
    }
    return channel;
  }

  private void closeChannel() {
    DatagramChannel open = channel;
    channel = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException ignored) {
      // it is gone either way
    }
  }

  void close() {
    isClosed = true;
    closeChannel();
  }
}
