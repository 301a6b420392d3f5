package org.nfsproxy.server.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a caller is known: the words of exports(5) {@code sec=}. */
public enum Security {
  /** AUTH_NONE: the caller is anonymous. */
  NONE(0),
  /** AUTH_SYS: as the client claims. */
  SYS(1),
  /** Kerberos for the header; arguments in the clear. */
  KRB5(390003),
  /** Kerberos with integrity: arguments readable, but sealed. */
  KRB5I(390004),
  /** Kerberos with privacy: arguments hidden. */
  KRB5P(390005);

  private final int pseudoFlavor;

  Security(int pseudoFlavor) {
    this.pseudoFlavor = pseudoFlavor;
  }

  /**
   * The number in MNT's list of flavors, RFC 1813 section 5.2.1; those of Kerberos are of RFC 2623.
   *
   * @return a flavor of RPC, or a pseudo flavor
   */
  public int pseudoFlavor() {
    return pseudoFlavor;
  }

  /**
   * Finds a number of MNT's list.
   *
   * @param pseudoFlavor as on the wire
   * @return what it stands for, or null: no rule allows a flavor that nobody here knows
   */
  public static @Nullable Security ofPseudoFlavor(int pseudoFlavor) {
    for (Security each : values()) {
      if (each.pseudoFlavor == pseudoFlavor) {
        return each;
      }
    }
    return null;
  }

  /**
   * Finds a service of RPCSEC_GSS, RFC 2203 section 5.3.1. The mechanism is taken for Kerberos.
   *
   * @param service as on the wire
   * @return what it stands for, or null
   */
  public static @Nullable Security ofGssService(int service) {
    return service >= 1 && service <= 3 ? values()[KRB5.ordinal() + service - 1] : null;
  }

  /**
   * Whether calls come under RPCSEC_GSS: nobody here can edit them, or answer them but by denial.
   *
   * @return true for Kerberos
   */
  public boolean isGss() {
    return compareTo(KRB5) >= 0;
  }

  /**
   * The word in a configuration.
   *
   * @return for example {@code krb5i}
   */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * All words.
   *
   * @return in the order of strength
   */
  public static List<String> words() {
    return Arrays.stream(values()).map(Security::word).toList();
  }

  /**
   * Finds a word.
   *
   * @param word one of {@link #words}
   * @return what it stands for
   */
  public static Security ofWord(String word) {
    return values()[words().indexOf(word)];
  }
}
