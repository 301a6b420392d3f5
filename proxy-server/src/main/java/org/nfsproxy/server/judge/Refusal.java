package org.nfsproxy.server.judge;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.Decision;

/**
 * Why an operation is not forwarded.
 *
 * @param operation which of a COMPOUND, from 0; 0 for a procedure
 * @param status the status it is refused with
 * @param export whose parameters refuse it; null if it is not known
 * @param decision what parameters said; null if none were asked
 */
record Refusal(
    int operation, int status, @Nullable Export export, Refused why, @Nullable Decision decision) {
  /** One that no parameters have a part in. */
  Refusal(int operation, int status, @Nullable Export export, Refused why) {
    this(operation, status, export, why, null);
  }

  /** What parameters refuse. */
  static Refusal by(Decision decision, int operation, int status, @Nullable Export export) {
    return new Refusal(operation, status, export, key(decision), decision);
  }

  /** The key whose value refuses a call. */
  private static Refused key(Decision decision) {
    return switch (decision) {
      case HIDDEN -> Refused.HIDDEN;
      case NOT_A_CLIENT -> Refused.CLIENTS;
      case NO_ACCESS, READ_ONLY -> Refused.ACCESS;
      case WRONG_VERSION -> Refused.VERSIONS;
      case WRONG_FLAVOR -> Refused.SECURITY;
      case WRONG_TRANSPORT -> Refused.TRANSPORT;
      case WRONG_CERTIFICATE -> Refused.CERTIFICATES;
      case OPAQUE -> Refused.OPAQUE;
      case ALLOWED -> throw new IllegalArgumentException("allowed");
    };
  }
}
