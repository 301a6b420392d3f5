package org.nfsproxy.server.tls;

import java.util.Map;
import org.nfsproxy.tls.OutcomeCounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what became of handshakes, and tells of those that failed, within bounds. */
public final class HandshakeCounts {
  private static final Logger log = LoggerFactory.getLogger(HandshakeCounts.class);

  private final OutcomeCounts<HandshakeOutcome> counts =
      new OutcomeCounts<>(HandshakeOutcome.class);

  /**
   * Counts one.
   *
   * @param client for the log
   * @param detail what the engine says
   * @param second the time, from any moment on
   */
  public void count(HandshakeOutcome outcome, String client, String detail, long second) {
    counts.count(outcome);
    long others = outcome == HandshakeOutcome.OK ? -1 : counts.othersToTell(outcome, second);
    if (others >= 0) {
      log.warn(
          "a TLS handshake with {} failed: {} ({}). Cure: {}{}",
          client,
          outcome.words(),
          detail,
          outcome.cure(),
          OutcomeCounts.others(others));
    }
  }

  /** How many there were since the start, by outcome; those that never were too. */
  public Map<String, Long> numbers() {
    return counts.numbers();
  }
}
