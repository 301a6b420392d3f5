package org.nfsproxy.server.admin;

import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Spelling;
import org.nfsproxy.server.text.Printable;

/** What a POST asks for, in the query of its URL: {@code /rebalance?share=0.5}. */
// Who mistypes a parameter must not have done something else than was meant; so what means nothing
// is refused, and the answer says what would mean something.
final class ActionQuery {
  private static final int SHOWN_CHARS_MAX = 80;

  private final MultiMap parameters;
  private final String form;

  /** What was sent means nothing. */
  static final class NonsenseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NonsenseException(String message) {
      super(message);
    }
  }

  /**
   * A query.
   *
   * @param form how it is sent, for the message
   * @throws NonsenseException if there are others, or one is there twice
   */
  ActionQuery(MultiMap parameters, String form, Set<String> known) {
    this.parameters = parameters;
    this.form = form;
    for (Map.Entry<String, String> each : parameters) {
      String name = each.getKey();
      if (!known.contains(name)) {
        Optional<String> near = Spelling.nearest(name, new TreeSet<>(known));
        String meant = near.map(word -> ", did you mean " + word + "?").orElse("");
        throw nonsense("there is no parameter " + shown(name) + meant);
      }
      List<String> all = parameters.getAll(name);
      if (all.size() > 1) {
        throw nonsense(name + " is there " + all.size() + " times");
      }
    }
  }

  NonsenseException nonsense(String what) {
    return new NonsenseException("%s. POST %s, in the URL, without a body".formatted(what, form));
  }

  static String shown(String text) {
    return '"' + Printable.text(text, SHOWN_CHARS_MAX) + '"';
  }

  /** The text of a parameter; null if it is not there. */
  @Nullable String text(String name) {
    return parameters.get(name);
  }

  /** An address of a client, which must be there. */
  InetAddress address(String name) {
    String text = text(name);
    if (text == null) {
      throw nonsense(name + " is missing");
    }
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
    if (address == null) {
      throw nonsense(name + ": found " + shown(text) + ", expected an address");
    }
    return address;
  }

  /** A number from 1 on. */
  int number(String name, int otherwise, int max, String key) {
    String text = text(name);
    if (text == null) {
      return Math.min(otherwise, max);
    }
    int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > max) {
      throw nonsense(
          "%s: found %s, expected a whole number from 1 to %d (%s)"
              .formatted(name, shown(text), max, key));
    }
    return number;
  }

  /** One of several words, which must be there. */
  String word(String name, List<String> words) {
    String text = text(name);
    if (text != null && words.contains(text)) {
      return text;
    }
    String found = text == null ? "nothing" : shown(text);
    throw nonsense(
        "%s: found %s, expected one of %s".formatted(name, found, String.join(", ", words)));
  }
}
