package org.nfsproxy.server.locks;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the shared records. Values are those of {@link LockRecords} and {@link TermRecord},
 * sealed.
 *
 * <pre>
 *  term                       which term it is
 *  over|NUMBER-TAG            that this one is over
 *  notice|NUMBER-TAG          the origin's restart
 *  held|NUMBER-TAG|DIGEST     what an owner may hold in a file
 * </pre>
 */
// Each owner writes and removes under its own term alone, so that what one still writes that has
// lost the address neither changes nor removes anything of the one behind it.
final class SharedForm {
  static final String TERM = "term";
  private static final String OVER = "over|";
  private static final String NOTICE = "notice|";
  private static final String HELD = "held|";

  private SharedForm() {}

  static String over(TermId term) {
    return OVER + term.text();
  }

  static String notice(TermId term) {
    return NOTICE + term.text();
  }

  static String held(TermId term, HeldKey key) {
    byte[] digest = Repeats.sha256().digest(LockRecords.dropped(key));
    return HELD
        + term.text()
        + "|"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  /** Of which term a record is that says what is held, or of the origin; null if it is another. */
  static @Nullable TermId termOf(String key) {
    int bar = key.indexOf('|');
    if (bar < 0 || key.startsWith(OVER)) {
      return null;
    }
    String rest = key.substring(bar + 1);
    int end = rest.indexOf('|');
    String[] parts = (end < 0 ? rest : rest.substring(0, end)).split("-", -1);
    try {
      return parts.length == 2
          ? new TermId(Long.parseUnsignedLong(parts[0], 16), Long.parseUnsignedLong(parts[1], 16))
          : null;
    } catch (NumberFormatException none) {
      return null;
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
