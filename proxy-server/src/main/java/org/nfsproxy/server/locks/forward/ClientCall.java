package org.nfsproxy.server.locks.forward;

import io.vertx.core.Future;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.xdr.XdrReader;

/**
 * A call to a client's own lock manager or status monitor, over TCP.
 *
 * @param client who is called
 * @param from where the call comes from; null for wherever the way to the client begins
 * @param arguments in XDR
 */
public record ClientCall(
    InetAddress client,
    @Nullable InetAddress from,
    int program,
    int version,
    int procedure,
    byte[] arguments) {
  /** The same from wherever the way to the client begins. */
  public ClientCall withoutFrom() {
    return new ClientCall(client, null, program, version, procedure, arguments);
  }

  /** Makes such calls, from one machine. */
  @FunctionalInterface
  public interface Caller {
    /**
     * Calls.
     *
     * @return the results; fails if the client cannot be reached in some seconds
     */
    Future<XdrReader> call(ClientCall call);
  }
}
