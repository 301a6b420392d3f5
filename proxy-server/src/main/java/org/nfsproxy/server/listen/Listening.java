package org.nfsproxy.server.listen;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.configuration.Calls;
import org.nfsproxy.server.configuration.Drain;
import org.nfsproxy.server.configuration.JudgeOn;
import org.nfsproxy.server.configuration.Limits;
import org.nfsproxy.server.judge.Judge;
import org.nfsproxy.server.metrics.Meters;

/**
 * What all client connections share.
 *
 * @param backend where calls go
 * @param workers the threads that judge
 * @param drain how connections are closed in order
 * @param recordMemory bytes held by all connections together
 * @param wholeOnly clients of which no call is begun
 * @param tls TLS towards clients; null if there is none
 * @param meters what is counted; null if nothing is
 */
record Listening(
    Backend backend,
    Judge judge,
    Workers workers,
    Calls calls,
    Limits limits,
    Drain drain,
    RecordMemory recordMemory,
    WholeOnly wholeOnly,
    ConnectionCount connections,
    Closes closes,
    CoarseClock clock,
    @Nullable TlsListening tls,
    @Nullable Meters meters) {
  /**
   * As many bytes as are judged on an event loop at once. Judging takes a microsecond for a usual
   * call of 200 bytes; for calls made up to take long, of operations of four bytes each, it takes a
   * millisecond for this many.
   */
  private static final int AT_ONCE_BYTES_MAX = 32 * 1024;

  boolean judgesAtOnce(CallBatch batch) {
    return calls.judgeOn() == JudgeOn.LISTENERS && batch.bytes() <= AT_ONCE_BYTES_MAX;
  }

  long second() {
    return clock.second();
  }
}
