package org.nfsproxy.backend.nfs.tls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.tls.TlsFilesException;

/**
 * TLS towards the origin, the section {@code backend.origin.tls}.
 *
 * @param name that the origin's certificate must have; empty for its host
 * @param handshakeMillis how long it may take until a connection has TLS
 * @param handshakesMax how many may be under way at once
 * @param scanMillis between two looks at the files; 0 for never
 */
public record OriginTlsSettings(
    OriginTlsMode mode,
    OriginTlsFiles files,
    String name,
    int handshakeMillis,
    int handshakesMax,
    int scanMillis) {

  /** Without TLS. */
  public static final OriginTlsSettings OFF =
      new OriginTlsSettings(OriginTlsMode.OFF, new OriginTlsFiles("", "", ""), "", 10_000, 1, 0);

  /** Reads the section; what is wrong in it is reported to it. */
  public static OriginTlsSettings read(Section section) {
    OriginTlsSettings read =
        new OriginTlsSettings(
            OriginTlsKeys.MODE.in(section),
            new OriginTlsFiles(
                OriginTlsKeys.CA.in(section),
                OriginTlsKeys.CERTIFICATE.in(section),
                OriginTlsKeys.KEY.in(section)),
            OriginTlsKeys.NAME.in(section),
            OriginTlsKeys.HANDSHAKE_MILLIS.in(section),
            OriginTlsKeys.HANDSHAKES_MAX.in(section),
            OriginTlsKeys.SCAN_MILLIS.in(section));
    read.check(section);
    return read;
  }

  private void check(Section section) {
    if (files.certificate().isEmpty() != files.key().isEmpty()) {
      boolean lacksKey = files.key().isEmpty();
      section.report(
          lacksKey ? OriginTlsKeys.KEY.name() : OriginTlsKeys.CERTIFICATE.name(),
          "nothing, while "
              + (lacksKey ? OriginTlsKeys.CERTIFICATE : OriginTlsKeys.KEY).path()
              + " is given",
          "both, or neither");
    }
  }

  /** Whether there is any. */
  public boolean enabled() {
    return mode != OriginTlsMode.OFF;
  }

  /** What a start would end with; reads the files. */
  public List<Problem> unfit() {
    try {
      if (enabled()) {
        files.read();
      }
      return List.of();
    } catch (TlsFilesException unusable) {
      return List.of(unusable.problem());
    }
  }

  /** What can hardly be meant; reads the files. */
  public List<Problem> doubts(Instant now) {
    if (!enabled()) {
      return unused();
    }
    try {
      return files.doubts(files.read(), now);
    } catch (TlsFilesException unusable) {
      return List.of(); // it is more than a doubt: unfit
    }
  }

  private List<Problem> unused() {
    List<Problem> doubts = new ArrayList<>();
    unused(doubts, OriginTlsKeys.CA.path(), files.ca());
    unused(doubts, OriginTlsKeys.NAME.path(), name);
    unused(doubts, OriginTlsKeys.CERTIFICATE.path(), files.certificate());
    return doubts;
  }

  private static void unused(List<Problem> doubts, String key, String value) {
    if (!value.isEmpty()) {
      doubts.add(
          new Problem(
              key,
              '"' + value + "\", while " + OriginTlsKeys.MODE.path() + " is \"off\"",
              "\"require\" or \"prefer\" there: without, connections to the origin are in the clear"));
    }
  }
}
