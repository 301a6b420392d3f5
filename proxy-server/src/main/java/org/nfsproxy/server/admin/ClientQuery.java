package org.nfsproxy.server.admin;

import io.vertx.core.MultiMap;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.listen.ConnectedClient;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.NfsVersion;

/**
 * Which of the client connections somebody asks for: {@code /clients?address=10.0.0.0/8&count=50}.
 */
// In the order in which they came, so that a page that was read stays what it was when others come;
// when some leave, those behind them move up.
record ClientQuery(
    @Nullable ClientMatch address, int port, @Nullable NfsVersion version, int from, int count) {
  static final String FORM =
      "address=ADDRESS or NETWORK, port=PORT, version=%s, from=NUMBER, count=NUMBER"
          .formatted(String.join("|", NfsVersion.words()));

  /** Those that tell clients apart. */
  static final Set<String> KEYS_OF_CLOSE = Set.of("address", "port", "version");

  private static final Set<String> KEYS = Set.of("address", "port", "version", "from", "count");

  private static final int ANY = -1;

  private static final Comparator<ConnectedClient> AS_THEY_CAME =
      Comparator.comparing(ConnectedClient::sinceMillis)
          .thenComparing(each -> each.address().getAddress().getHostAddress())
          .thenComparing(each -> each.address().getPort());

  /**
   * Reads a query.
   *
   * @throws IllegalArgumentException if something in it means nothing, with what may stand there
   */
  static ClientQuery of(MultiMap parameters) {
    for (Map.Entry<String, String> each : parameters) {
      if (!KEYS.contains(each.getKey())) {
        throw new IllegalArgumentException(each.getKey());
      }
    }
    String address = parameters.get("address");
    if (address != null && !ClientMatch.isClient(address)) {
      throw new IllegalArgumentException("address");
    }
    String version = parameters.get("version");
    if (version != null && !NfsVersion.words().contains(version)) {
      throw new IllegalArgumentException("version");
    }
    return new ClientQuery(
        address == null ? null : ClientMatch.of(List.of(address)),
        number(parameters, "port", ANY),
        version == null ? null : NfsVersion.ofWord(version),
        number(parameters, "from", 0),
        number(parameters, "count", Integer.MAX_VALUE));
  }

  private static int number(MultiMap parameters, String key, int otherwise) {
    String text = parameters.get(key);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(key);
    }
    return Integer.parseInt(text);
  }

  /** Whether it asks for certain clients, not for all. */
  boolean isOfAddress() {
    return address != null;
  }

  boolean matches(ConnectedClient client) {
    return (address == null || address.matches(ClientAddress.of(client.address().getAddress())))
        && (port == ANY || port == client.address().getPort())
        && (version == null || client.versions().contains(version));
  }

  /** Those that it asks for. */
  List<ConnectedClient> of(List<ConnectedClient> clients) {
    return clients.stream()
        .filter(this::matches)
        .sorted(AS_THEY_CAME)
        .skip(from)
        .limit(count)
        .toList();
  }
}
