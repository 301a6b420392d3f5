package org.nfsproxy.server.metrics;

import java.net.InetAddress;
import org.nfsproxy.server.call.CallSummary;

/**
 * Is told of calls that an administrator should hear of. On an event loop, so it returns at once.
 */
public interface CallWatch {
  /** Nobody is told. */
  CallWatch NONE =
      new CallWatch() {
        @Override
        public void deniedRoot(InetAddress client, CallSummary call) {}

        @Override
        public void slow(
            InetAddress client,
            int port,
            CallSummary call,
            int xid,
            long originNanos,
            long proxyNanos) {}
      };

  /**
   * The origin has denied root something, by PERM or ACCES.
   *
   * @param call the call; no longer valid when this has returned
   */
  void deniedRoot(InetAddress client, CallSummary call);

  /**
   * A call took longer than was asked for.
   *
   * @param port from which port
   * @param call the call; no longer valid when this has returned
   * @param originNanos how long it was at the origin
   * @param proxyNanos how long it was here
   */
  void slow(
      InetAddress client, int port, CallSummary call, int xid, long originNanos, long proxyNanos);
}
