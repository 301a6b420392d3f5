package org.nfsproxy.server.socket;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a service manager that waits for it, {@code Type=notify}, that clients are accepted: {@code
 * sd_notify(3)}.
 */
// Java has no datagrams of Unix sockets, Netty's native transport has. Its socket does not block:
// were the manager not to read, it would not be told, and the process goes on.
public final class ServiceNotice {
  /** Where such a service manager listens; a leading {@code @} is an abstract name. */
  public static final String VARIABLE = "NOTIFY_SOCKET";

  private static final Logger log = LoggerFactory.getLogger(ServiceNotice.class);
  private static final byte[] READY = "READY=1".getBytes(StandardCharsets.US_ASCII);

  private ServiceNotice() {}

  /**
   * Tells it; does nothing where nobody waits.
   *
   * @param where the value of {@link #VARIABLE}; null or empty if nobody waits
   */
  public static void ready(@Nullable String where) {
    if (where == null || where.isEmpty()) {
      return;
    }
    try {
      if (!Epoll.isAvailable()) {
        throw new IOException("Netty's epoll is not available: " + Epoll.unavailabilityCause());
      }
      send(where.startsWith("@") ? "\0" + where.substring(1) : where);
    } catch (IOException failed) {
      log.warn(
          "{}={} could not be told that clients are accepted: {}",
          VARIABLE,
          where,
          failed.toString());
    }
  }

  private static void send(String path) throws IOException {
    Socket socket = Socket.newSocketDomainDgram();
    try {
      ByteBuffer message = ByteBuffer.allocateDirect(READY.length).put(READY);
      byte[] to = path.getBytes(StandardCharsets.UTF_8);
      if (socket.sendToDomainSocket(message, 0, READY.length, to) != READY.length) {
        throw new IOException("nobody reads there");
      }
    } finally {
      socket.close();
    }
  }
}
