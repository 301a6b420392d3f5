package org.nfsproxy.server.tls;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says 30, 7 and 1 days before a certificate expires, and when it has, once each. */
final class ExpiryNotice {
  private static final int[] DAYS = {30, 7, 1, 0};

  private @Nullable Instant of;
  private int told;

  /** What is to be said now; null for nothing. */
  @Nullable String at(long nowMillis, TlsMaterial material) {
    Instant expires = material.expires();
    if (!expires.equals(of)) {
      of = expires;
      told = 0;
    }
    Duration left = Duration.between(Instant.ofEpochMilli(nowMillis), expires);
    int passed = 0;
    while (passed < DAYS.length && left.compareTo(Duration.ofDays(DAYS[passed])) <= 0) {
      passed++;
    }
    if (passed <= told) {
      return null;
    }
    told = passed;
    String state =
        left.isNegative() || left.isZero()
            ? "has expired, on %s: clients refuse it, and cannot mount"
            : "expires in less than " + (left.toDays() + 1) + " days, on %s";
    return ("the certificate of listen.tls (%s) " + state)
            .formatted(material.certificate().getSubjectX500Principal().getName(), expires)
        + ". Replace the files that listen.tls names; they are looked at while the proxy runs";
  }
}
