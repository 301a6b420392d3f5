package org.nfsproxy.server.admin;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleToIntFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.server.admin.Page.Answer;
import org.nfsproxy.server.listen.ConnectedClient;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.text.Printable;

/** What tells one instance from another, and sends clients from one to another. */
public final class FleetPages {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int BAD_REQUEST = 400;
  private static final int NAME_CHARS_MAX = 200;

  private FleetPages() {}

  /**
   * The pages.
   *
   * @param instance what is said of this instance
   * @param counted what is counted of an address; null if it is not counted by itself
   */
  public static Map<String, Page> pages(
      Supplier<JsonObject> instance,
      Supplier<List<ConnectedClient>> clients,
      Function<InetAddress, JsonObject> counted) {
    return Map.of(
        "/info",
        () -> new Answer(OK, instance.get()),
        "/clients",
        new ClientsPage(clients, counted));
  }

  /**
   * The actions.
   *
   * @param drain sends clients away, and takes no new one
   * @param rebalance sends a share of the clients away, and says how many
   * @param close sends certain connections away, and says how many
   */
  public static Map<String, Action> actions(
      Runnable drain,
      Runnable undrain,
      DoubleToIntFunction rebalance,
      ToIntFunction<Predicate<ConnectedClient>> close) {
    return Map.of(
        "/drain", parameters -> done(drain, true),
        "/undrain", parameters -> done(undrain, false),
        "/rebalance", parameters -> rebalance(parameters.get("share"), rebalance),
        "/clients/close", parameters -> close(parameters, close));
  }

  private static Answer done(Runnable action, boolean draining) {
    action.run();
    return new Answer(ACCEPTED, new JsonObject().put("draining", draining));
  }

  private static Answer rebalance(String text, DoubleToIntFunction rebalance) {
    double share = share(text);
    if (share > 0 && share <= 1) {
      return new Answer(ACCEPTED, new JsonObject().put("shed", rebalance.applyAsInt(share)));
    }
    return new Answer(
        BAD_REQUEST,
        new JsonObject()
            .put(
                "error", "which share of the connections? /rebalance?share=0.33, above 0 up to 1"));
  }

  private static double share(String text) {
    try {
      return text == null || text.length() > 10 ? -1 : Double.parseDouble(text);
    } catch (NumberFormatException nonsense) {
      return -1;
    }
  }

  // Without an address it would be all of them: that is /drain.
  private static Answer close(
      MultiMap parameters, ToIntFunction<Predicate<ConnectedClient>> close) {
    try {
      ClientQuery query = ClientQuery.of(parameters);
      if (query.isOfAddress()) {
        return new Answer(
            ACCEPTED, new JsonObject().put("closing", close.applyAsInt(query::matches)));
      }
    } catch (IllegalArgumentException nonsense) {
      // The answer says what makes sense.
    }
    return new Answer(
        BAD_REQUEST,
        new JsonObject()
            .put(
                "error",
                "whose connections? /clients/close?address=10.0.0.7, and port=801 for one"));
  }

  private record ClientsPage(
      Supplier<List<ConnectedClient>> clients, Function<InetAddress, JsonObject> counted)
      implements Page {
    @Override
    public Answer answer() {
      return answer(null, MultiMap.caseInsensitiveMultiMap());
    }

    @Override
    public Answer answer(@Nullable String accept, MultiMap parameters) {
      try {
        JsonArray list = new JsonArray();
        ClientQuery.of(parameters)
            .of(clients.get())
            .forEach(
                client ->
                    list.add(
                        row(client)
                            .put("ofAddress", counted.apply(client.address().getAddress()))));
        return new Answer(OK, list);
      } catch (IllegalArgumentException nonsense) {
        String error = nonsense.getMessage() + ": /clients takes " + ClientQuery.FORM;
        return new Answer(BAD_REQUEST, new JsonObject().put("error", error));
      }
    }
  }

  private static JsonObject row(ConnectedClient client) {
    return new JsonObject()
        .put("address", client.address().getAddress().getHostAddress())
        .put("port", client.address().getPort())
        .put("balancer", text(client.balancer()))
        .put("transport", client.peer().transport().word())
        .put("certificate", name(client.peer()))
        .put("since", Instant.ofEpochMilli(client.sinceMillis()).toString())
        .put("versions", new JsonArray(client.versions().stream().map(NfsVersion::word).toList()))
        .put("identity", word(client.identity()))
        .put("calls", client.calls())
        .put("bytesIn", client.bytesIn())
        .put("bytesOut", client.bytesOut())
        .put("callsInFlight", client.callsInFlight())
        .put("originPort", client.originPort() == 0 ? null : client.originPort())
        .put("leaving", client.leaving());
  }

  private static @Nullable String name(Peer peer) {
    return peer.names() == null ? null : Printable.text(peer.names().shown(), NAME_CHARS_MAX);
  }

  private static @Nullable String word(@Nullable Identity identity) {
    return identity == null ? null : identity.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String text(@Nullable InetSocketAddress address) {
    return address == null ? null : address.getAddress().getHostAddress();
  }
}
