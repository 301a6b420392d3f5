package org.nfsproxy.server.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A list of clients: addresses, networks, or {@code *} for everybody. Nobody is on an empty list.
 */
// Read once, asked for every call: single addresses are looked up, networks are two comparisons
// each. Names are not taken, because whoever owns the reverse zone of an address would decide who
// it is, and because no call may wait for a name server.
public final class ClientMatch {
  /** The form of one of the texts, for messages. */
  public static final String FORM =
      "an IP address, a network such as 10.0.0.0/8 or 2001:db8::/32, or \"*\"; names are not looked"
          + " up";

  private static final String EVERYBODY = "*";

  private final List<ClientMatch> lists;
  private final List<String> texts;
  private final boolean everybody;
  private final Set<ClientAddress> addresses = new HashSet<>();
  private final Network[] networks;

  private ClientMatch(List<ClientMatch> lists, List<String> texts) {
    this.lists = List.copyOf(lists);
    this.texts = List.copyOf(texts);
    this.everybody = texts.contains(EVERYBODY);
    List<Network> all =
        texts.stream().filter(text -> !text.equals(EVERYBODY)).map(ClientMatch::network).toList();
    all.stream().filter(Network::isOneAddress).map(Network::address).forEach(addresses::add);
    this.networks = all.stream().filter(each -> !each.isOneAddress()).toArray(Network[]::new);
  }

  private static Network network(String text) {
    Network network = Network.parse(text);
    if (network == null) {
      throw new IllegalArgumentException(text);
    }
    return network;
  }

  /**
   * Whether a text can stand on a list.
   *
   * @return whether it has the {@link #FORM}
   */
  public static boolean isClient(String text) {
    return text.equals(EVERYBODY) || Network.parse(text) != null;
  }

  /**
   * The network that a text means which names an address inside it, such as 10.0.0.5/8.
   *
   * @param text of the {@link #FORM}
   * @return the network as it should be written; empty if the text is not of that kind
   */
  public static String networkWithoutHostBits(String text) {
    Network network = text.equals(EVERYBODY) ? null : Network.parse(text);
    return network == null || !network.hasHostBits() ? "" : network.text();
  }

  /**
   * A list.
   *
   * @param texts each of the {@link #FORM}
   * @return who is on it
   * @throws IllegalArgumentException if a text has another form
   */
  public static ClientMatch of(List<String> texts) {
    return new ClientMatch(List.of(), texts);
  }

  /**
   * Those who are on several lists at once.
   *
   * @return a list of those on each of them
   */
  static ClientMatch allOf(List<ClientMatch> lists) {
    List<ClientMatch> different =
        lists.stream()
            .flatMap(list -> list.lists.isEmpty() ? Stream.of(list) : list.lists.stream())
            .distinct()
            .toList();
    return different.size() == 1 ? different.get(0) : new ClientMatch(different, List.of());
  }

  /**
   * Whether a client is on the list.
   *
   * @return true for everybody with {@code *}
   */
  public boolean matches(ClientAddress client) {
    if (!lists.isEmpty()) {
      return lists.stream().allMatch(list -> list.matches(client));
    }
    if (everybody || addresses.contains(client)) {
      return true;
    }
    for (Network network : networks) {
      if (network.holds(client)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The list as it was written.
   *
   * @return the texts; empty for {@link #allOf}
   */
  public List<String> texts() {
    return texts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientMatch that
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
