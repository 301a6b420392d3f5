package org.nfsproxy.server.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How a connection is protected: the words of exports(5) {@code xprtsec=}. */
public enum TransportSecurity {
  /** In the clear. */
  NONE,
  /** TLS, and the client has shown no certificate. RFC 9289 section 5.2. */
  TLS,
  /** TLS, and the client has shown a certificate that was verified. */
  MTLS;

  /** Any of them. */
  public static final Set<TransportSecurity> ALL = Set.of(values());

  /**
   * The word in a configuration.
   *
   * @return for example {@code mtls}
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
    return Arrays.stream(values()).map(TransportSecurity::word).toList();
  }

  /**
   * Finds a word.
   *
   * @param word one of {@link #words}
   * @return what it stands for
   */
  public static TransportSecurity ofWord(String word) {
    return values()[words().indexOf(word)];
  }
}
