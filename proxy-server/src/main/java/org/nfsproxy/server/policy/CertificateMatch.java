package org.nfsproxy.server.policy;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A list of names that a client's certificate may have, or {@code *} for everybody, with a
 * certificate or without. Nobody is on an empty list.
 */
// A leading "*." stands for one label, as in the certificates of servers (RFC 6125 section 6.4.3).
// A name in a certificate that itself begins with "*." says "any of these", not "this one", and is
// on no list.
public final class CertificateMatch {
  /** The form of one of the texts, for messages. */
  public static final String FORM =
      "a DNS name, which may begin with \"*.\", an IP address, a URI, a subject such as"
          + " \"CN=render7,O=Example\" (RFC 2253), or \"*\"";

  private static final String ALL = "*";
  private static final Pattern DNS =
      Pattern.compile("(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern URI = Pattern.compile("[a-zA-Z][-+.a-zA-Z0-9]*:[^\\s]+");

  /** A list with everybody on it. */
  public static final CertificateMatch EVERYBODY = of(List.of(ALL));

  private final List<CertificateMatch> lists;
  private final List<String> texts;
  private final boolean everybody;
  private final Set<String> dns = new HashSet<>();
  private final Set<String> domains = new HashSet<>();
  private final Set<String> uris = new HashSet<>();
  private final Set<ClientAddress> addresses = new HashSet<>();
  private final List<X500Principal> subjects = new ArrayList<>();

  private CertificateMatch(List<CertificateMatch> lists, List<String> texts) {
    this.lists = List.copyOf(lists);
    this.texts = List.copyOf(texts);
    this.everybody = lists.isEmpty() && texts.contains(ALL);
    texts.stream().filter(text -> !text.equals(ALL)).forEach(this::add);
  }

  private void add(String text) {
    X500Principal subject = text.indexOf('=') > 0 ? subject(text) : null;
    byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
    String lower = text.toLowerCase(Locale.ROOT);
    if (address != null) {
      addresses.add(ClientAddress.of(address));
    } else if (DNS.matcher(lower).matches()) {
      if (lower.startsWith("*.")) {
        domains.add(lower.substring(1));
      } else {
        dns.add(lower);
      }
    } else if (subject != null) {
      subjects.add(subject);
    } else if (URI.matcher(text).matches()) {
      uris.add(text);
    } else {
      throw new IllegalArgumentException(text);
    }
  }

  private static @Nullable X500Principal subject(String text) {
    try {
      return new X500Principal(text);
    } catch (IllegalArgumentException otherForm) {
      return null;
    }
  }

  /**
   * Whether a text can stand on a list.
   *
   * @return whether it has the {@link #FORM}
   */
  public static boolean isName(String text) {
    try {
      of(List.of(text));
      return true;
    } catch (IllegalArgumentException otherForm) {
      return false;
    }
  }

  /**
   * A list.
   *
   * @param texts each of the {@link #FORM}
   * @return who is on it
   * @throws IllegalArgumentException if a text has another form
   */
  public static CertificateMatch of(List<String> texts) {
    return new CertificateMatch(List.of(), texts);
  }

  /** Those who are on both lists. */
  CertificateMatch and(CertificateMatch other) {
    List<CertificateMatch> different =
        Stream.of(this, other)
            .flatMap(list -> list.lists.isEmpty() ? Stream.of(list) : list.lists.stream())
            .filter(list -> !list.everybody)
            .distinct()
            .toList();
    return switch (different.size()) {
      case 0 -> EVERYBODY;
      case 1 -> different.get(0);
      default -> new CertificateMatch(different, List.of());
    };
  }

  /**
   * Whether a client is on the list.
   *
   * @param names what its certificate calls it; null if it has shown none
   * @return true for everybody with {@code *}
   */
  public boolean matches(@Nullable PeerNames names) {
    if (everybody) {
      return true;
    }
    if (names == null) {
      return false;
    }
    return lists.isEmpty() ? holds(names) : lists.stream().allMatch(list -> list.holds(names));
  }

  private boolean holds(PeerNames names) {
    return names.dns().stream().anyMatch(this::holdsDns)
        || names.uris().stream().anyMatch(uris::contains)
        || names.addresses().stream().anyMatch(addresses::contains)
        || subjects.contains(names.subject());
  }

  private boolean holdsDns(String name) {
    int firstDot = name.indexOf('.');
    return dns.contains(name)
        || firstDot > 0 && name.charAt(0) != '*' && domains.contains(name.substring(firstDot));
  }

  /** Whether everybody is on it. */
  public boolean isEverybody() {
    return everybody;
  }

  /**
   * The list as it was written.
   *
   * @return the texts; empty for those who are on several lists at once
   */
  public List<String> texts() {
    return texts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CertificateMatch that
        && texts.equals(that.texts)
        && lists.equals(that.lists);
  }

  @Override
  public int hashCode() {
    return 31 * texts.hashCode() + lists.hashCode();
  }

  @Override
  public String toString() {
    return lists.isEmpty() ? texts.toString() : "on all of " + lists;
  }
}
