package org.nfsproxy.backend.nfs.connect;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.questions.OriginQuestions;
import org.nfsproxy.backend.nfs.tls.OriginTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The origin and its equivalents, and which of them serves. Safe for use by several threads. */
// All clients should be at one server: equivalents see the same filehandles, but whether they see
// each other's locks nobody here knows. So the one that serves is asked first and stays until it
// cannot be reached, also when one before it comes back: to go back would take the locks of every
// client along, for no outage. Only a client's own NFS connection changes which one serves; a
// question that another server answered meanwhile does not.
public final class OriginServers {
  private static final Logger log = LoggerFactory.getLogger(OriginServers.class);

  private final List<OriginServer> all;
  private final OriginReachability reachability;
  private volatile OriginServer serving;

  OriginServers(List<OriginServer> all, OriginReachability reachability) {
    this.all = List.copyOf(all);
    this.reachability = reachability;
    this.serving = all.get(0);
  }

  /**
   * As configured.
   *
   * @param tls protects connections to them; null for none
   */
  public static OriginServers of(
      Vertx vertx, NfsSettings settings, SourcePorts sources, @Nullable OriginTls tls) {
    List<OriginServer> all = new ArrayList<>();
    all.add(OriginServer.of(vertx, settings, sources, tls, settings.host(), settings.port()));
    for (OriginAddress each : settings.equivalents()) {
      int port = each.port() == 0 ? settings.port() : each.port();
      all.add(OriginServer.of(vertx, settings, sources, tls, each.host(), port));
    }
    String origin = settings.host() + " port " + settings.port();
    return new OriginServers(all, new OriginReachability(origin, settings.waitMillis()));
  }

  /** The one that serves, or was the last to do so. */
  public OriginServer serving() {
    return serving;
  }

  /** Whether any of them answers. */
  public OriginReachability reachability() {
    return reachability;
  }

  /** Whether that is the origin itself. */
  boolean originServes() {
    return serving == all.get(0);
  }

  /** All of them in the order to try: the one that serves, then the others as configured. */
  public List<OriginServer> inOrder() {
    OriginServer first = serving;
    List<OriginServer> order = new ArrayList<>(all.size());
    order.add(first);
    for (OriginServer each : all) {
      if (each != first) {
        order.add(each);
      }
    }
    return order;
  }

  /**
   * Says that a client was connected to one of them.
   *
   * @param first the one that was tried first
   * @param server the one that was reached
   * @return false if meanwhile another one serves, so that the client should go there
   */
  synchronized boolean serves(OriginServer first, OriginServer server) {
    if (serving == server) {
      return true;
    }
    if (serving != first) {
      return false;
    }
    serving = server;
    log.warn("{} cannot be reached; {} serves now, until it cannot be reached", first, server);
    return true;
  }

  /** Asks the first that can be reached. */
  public <T> Future<T> ask(Function<OriginQuestions, Future<T>> question) {
    return ask(inOrder(), 0, question);
  }

  private static <T> Future<T> ask(
      List<OriginServer> order, int at, Function<OriginQuestions, Future<T>> question) {
    return question
        .apply(order.get(at).questions())
        .recover(
            failure ->
                failure instanceof IOException && at + 1 < order.size()
                    ? ask(order, at + 1, question)
                    : Future.failedFuture(failure));
  }

  /** Looks their names up, for {@link #names}. An unknown one is no failure. */
  public void resolve() {
    all.forEach(each -> each.name().addresses());
  }

  /** The names they are known by: as configured, and the addresses that were found last. */
  public List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (OriginServer each : all) {
      names.add(each.host());
      for (InetAddress address : each.name().lastAddresses()) {
        names.add(address.getHostAddress());
      }
    }
    return List.copyOf(names);
  }

  /** Says that a program's connection was lost: ports are asked for again. */
  public void mayHaveMoved() {
    all.forEach(each -> each.programs().mayHaveMoved());
  }

  public Future<Void> close() {
    List<Future<Void>> closing =
        all.stream()
            .flatMap(each -> Stream.of(each.reads().close(), each.questions().close()))
            .toList();
    return Future.join(closing).mapEmpty();
  }
}
