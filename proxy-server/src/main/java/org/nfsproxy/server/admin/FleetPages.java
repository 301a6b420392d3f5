package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleToIntFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
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
  private static final String CLOSE_FORM = "/clients/close?address=10.0.0.7, and port=801 for one";
  private static final Pattern SHARE = Pattern.compile("1([.]0+)?|0?[.][0-9]{1,8}");
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
        "/drain", parameters -> done("/drain", parameters, drain, true),
        "/undrain", parameters -> done("/undrain", parameters, undrain, false),
        "/rebalance", parameters -> rebalance(parameters, rebalance),
        "/clients/close", parameters -> close(parameters, close));
  }

  private static Future<Answer> done(
      String path, MultiMap parameters, Runnable action, boolean draining) {
    new ActionQuery(parameters, path, Set.of());
    action.run();
    return accepted("draining", draining);
  }

  private static Future<Answer> accepted(String field, Object value) {
    return Future.succeededFuture(new Answer(ACCEPTED, new JsonObject().put(field, value)));
  }

  private static Future<Answer> rebalance(MultiMap parameters, DoubleToIntFunction rebalance) {
    ActionQuery query = new ActionQuery(parameters, "/rebalance?share=0.33", Set.of("share"));
    String text = query.text("share");
    double share = text != null && SHARE.matcher(text).matches() ? Double.parseDouble(text) : 0;
    if (share <= 0 || share > 1) {
      throw query.nonsense(
          "which share of the connections? share: found %s, expected a number above 0 up to 1"
              .formatted(text == null ? "nothing" : ActionQuery.shown(text)));
    }
    return accepted("shed", rebalance.applyAsInt(share));
  }

  // Without an address it would be all of them: that is /drain.
  private static Future<Answer> close(
      MultiMap parameters, ToIntFunction<Predicate<ConnectedClient>> close) {
    ActionQuery query = new ActionQuery(parameters, CLOSE_FORM, ClientQuery.KEYS_OF_CLOSE);
    if (query.text("address") == null) {
      throw query.nonsense("whose connections? address is missing");
    }
    try {
      ClientQuery which = ClientQuery.of(parameters);
      return accepted("closing", close.applyAsInt(which::matches));
    } catch (IllegalArgumentException nonsense) {
      String name = String.valueOf(nonsense.getMessage());
      String found = ActionQuery.shown(String.valueOf(query.text(name)));
      throw query.nonsense("%s: found %s, of %s".formatted(name, found, ClientQuery.FORM));
    }
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
