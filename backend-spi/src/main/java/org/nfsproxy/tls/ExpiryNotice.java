package org.nfsproxy.tls;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says 30, 7 and 1 days before a certificate of this proxy expires, and when it has, once each. For
 * one thread at a time.
 */
public final class ExpiryNotice {
  private static final int[] DAYS = {30, 7, 1, 0};

  private final String section;
  private final String consequence;
  private @Nullable Instant of;
  private int told;

  /**
   * Nothing was said yet.
   *
   * @param section of the configuration that names the files
   * @param consequence of a certificate that has expired, as the second half of a sentence
   */
  public ExpiryNotice(String section, String consequence) {
    this.section = section;
    this.consequence = consequence;
  }

  /**
   * What is to be said now.
   *
   * @param nowMillis the time, of the epoch
   * @param certificate that is in use
   * @return null for nothing
   */
  public @Nullable String at(long nowMillis, OwnCertificate certificate) {
    Instant expires = certificate.expires();
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
            ? "has expired, on " + expires + ": " + consequence
            : "expires within " + days(left) + ", on " + expires;
    return "the certificate of %s (%s) %s. Replace the files that %s names; they are looked at while the proxy runs"
        .formatted(section, certificate.subject(), state, section);
  }

  private static String days(Duration left) {
    long more = left.toDays() + (left.equals(Duration.ofDays(left.toDays())) ? 0 : 1);
    return more == 1 ? "a day" : more + " days";
  }
}
