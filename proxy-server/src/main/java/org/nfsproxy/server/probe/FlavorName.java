package org.nfsproxy.server.probe;

import org.nfsproxy.rpc.AuthFlavor;

/** Flavors by their names in exports(5); RFC 2623 section 2.4 has the numbers above 390000. */
final class FlavorName {
  static final String SYS = "sys";
  static final String KERBEROS = "krb5";

  private static final int KRB5 = 390003;
  private static final String[] SERVICES = {"", "", "i", "p"};

  private FlavorName() {}

  /** The name of a flavor in MNT's list. */
  static String of(int flavor) {
    return switch (flavor) {
      case AuthFlavor.AUTH_NONE -> "none";
      case AuthFlavor.AUTH_SYS -> SYS;
      case KRB5 -> KERBEROS;
      case KRB5 + 1 -> KERBEROS + "i";
      case KRB5 + 2 -> KERBEROS + "p";
      default -> "flavor " + Integer.toUnsignedString(flavor);
    };
  }

  /** The name of RPCSEC_GSS with a service of RFC 2203 section 5.2.2. */
  static String ofService(int service) {
    return service >= 1 && service <= 3 ? KERBEROS + SERVICES[service] : "gss " + service;
  }

  static boolean isKerberos(String name) {
    return name.startsWith(KERBEROS);
  }
}
