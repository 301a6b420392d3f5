package org.nfsproxy.server.metrics;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.NotedOperation;

/**
 * A call that somebody wanted to be told of, and what it came to.
 *
 * @param atMillis when it was answered, in milliseconds since 1970
 * @param port from which port
 * @param export the export's number, as in a {@link org.nfsproxy.server.call.CallSummary}
 * @param bytes how long the call was, marker included
 * @param status the reply's status, as metrics call it; null if there was no reply, or none that
 *     can be read
 * @param results of a COMPOUND, how many operations have results, the last of them with that
 *     status; -1 if nobody can say, and for any other call
 * @param isAnswered whether there was a reply; without one nobody knows whether it was executed
 * @param originNanos how long it was at the origin; below 0 if it was not there
 * @param proxyNanos how long it was here
 */
public record NotedCall(
    long atMillis,
    InetAddress client,
    int port,
    CallNote note,
    long export,
    int bytes,
    @Nullable String status,
    int results,
    boolean isAnswered,
    long originNanos,
    long proxyNanos) {
  private static final String OK = "OK";

  /**
   * What one of its operations came to: all that were executed before the last one worked.
   *
   * @return its status; null if nobody can say
   */
  public @Nullable String status(NotedOperation operation) {
    return results > 0 && operation.index() < results - 1 ? OK : status;
  }

  /**
   * Whether one of its operations was executed, or may have been.
   *
   * @return false if one before it failed, or if the reply was made here
   */
  // Where RPC itself says no, or the proxy, nothing is executed. Where the number of results cannot
  // be read, it may have been.
  public boolean mayBeExecuted(NotedOperation operation) {
    if (isAnswered && originNanos < 0) {
      return false;
    }
    return results < 0 || operation.index() < results;
  }
}
