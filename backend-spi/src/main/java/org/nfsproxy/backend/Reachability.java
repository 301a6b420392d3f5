package org.nfsproxy.backend;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether what is behind a backend answers.
 *
 * @param state what is known
 * @param since since when it is so
 * @param lastAnswer when it was last heard; empty if never
 * @param roundTripNanos how long it last took to answer the proxy's own NULL call; empty if that
 *     was never answered
 * @param lastError what last went wrong, in words; empty if nothing has
 */
public record Reachability(
    State state,
    Instant since,
    Optional<Instant> lastAnswer,
    Optional<Long> roundTripNanos,
    Optional<String> lastError) {

  /** What is known. */
  public enum State {
    /** Nobody has asked yet. */
    NOT_ASKED,
    /** It was heard since it was last asked. */
    ANSWERS,
    /** It was asked, and did not answer. */
    SILENT
  }
}
