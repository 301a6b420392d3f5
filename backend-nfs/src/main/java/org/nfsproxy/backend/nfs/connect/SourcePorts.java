package org.nfsproxy.backend.nfs.connect;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Measure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses where connections to the origin leave from: which local address, which port. Methods may
 * be called from any thread.
 */
public final class SourcePorts {
  private static final Logger log = LoggerFactory.getLogger(SourcePorts.class);

  /** What an administrator can do where the process may not bind such ports. */
  public static final String CURE =
      "run it as root or with CAP_NET_BIND_SERVICE, or export with \"insecure\" on the origin and"
          + " set backend.origin.reservedPorts to \"never\"";

  /** What an administrator can do where they are too few. */
  static final String CURE_OF_SCARCITY =
      "add addresses to backend.origin.localAddresses, or export with \"insecure\" on the origin and"
          + " set backend.origin.reservedPorts to \"never\"";

  /** The address is chosen by other bits than the port, so that all ports of all are used. */
  private static final int LOCALS_SHIFT = 20;

  private final ReservedPortPolicy policy;
  private final List<InetAddress> localAddresses;
  private final int perClientMax;
  private final LongSupplier nanoTime;
  private final ReservedPorts reserved = new ReservedPorts();
  private final WantedPort above = WantedPort.aboveReserved();
  private final RestingPorts restingAbove = new RestingPorts();
  private final Map<InetSocketAddress, PortShares> shares = new HashMap<>();
  private final OncePerMinute scarcityTold = new OncePerMinute();
  private int nextLocalAddress;
  private boolean forbidden;
  private long reservedUsed;
  private long othersUsed;

  public SourcePorts(
      ReservedPortPolicy policy, List<InetAddress> localAddresses, int perClientMax) {
    this(policy, localAddresses, perClientMax, System::nanoTime);
  }

  SourcePorts(
      ReservedPortPolicy policy,
      List<InetAddress> localAddresses,
      int perClientMax,
      LongSupplier nanoTime) {
    this.policy = policy;
    this.localAddresses = localAddresses;
    this.perClientMax = perClientMax;
    this.nanoTime = nanoTime;
  }

  /**
   * A source to try.
   *
   * @param local where the connection leaves from: address (perhaps a wildcard) and port (perhaps
   *     0)
   * @param isReserved whether the port is one below 1024, of which there are few
   * @param client for whom; null is the proxy itself
   */
  record Source(InetSocketAddress local, boolean isReserved, @Nullable InetAddress client) {}

  /** No source is left. */
  static final class ExhaustedException extends Exception {
    private static final long serialVersionUID = 1L;

    ExhaustedException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The next source to try for a client's way to the origin.
   *
   * @param client for whom: the source is the same for the same client, as long as it is free
   * @param origin where the connection goes
   * @param isPatient whether to fail, and ask again, rather than take a port above 1023
   * @param isChoosing false to leave the choice of a port above 1023 to the system: one was taken
   * @return the source; its port is taken until {@link #giveBack} or {@link #refused}
   * @throws ExhaustedException if a reserved port is wanted and none is left
   */
  Source take(
      InetSocketAddress client, InetSocketAddress origin, boolean isPatient, boolean isChoosing)
      throws ExhaustedException {
    return take(client, origin, isPatient, isChoosing, null);
  }

  /**
   * The next source to try for a connection of the proxy itself.
   *
   * @param origin where the connection goes
   * @param from the address that it must leave from; null for any of those that are configured
   * @return the source, likewise
   * @throws ExhaustedException if a reserved port is wanted and none is left
   */
  Source takeOwn(InetSocketAddress origin, @Nullable InetAddress from) throws ExhaustedException {
    return take(null, origin, false, false, from);
  }

  private synchronized Source take(
      @Nullable InetSocketAddress client,
      InetSocketAddress origin,
      boolean isPatient,
      boolean isChoosing,
      @Nullable InetAddress from)
      throws ExhaustedException {
    List<InetAddress> locals = from == null ? localsFor(origin.getAddress()) : List.of(from);
    int turn = client == null ? nextLocalAddress++ : WantedPort.number(client) >>> LOCALS_SHIFT;
    int first = Math.floorMod(turn, locals.size());
    InetAddress address = client == null ? null : client.getAddress();
    if (policy != ReservedPortPolicy.NEVER && !forbidden) {
      int left = left(locals, origin);
      if (sharesOf(origin).mayTake(address, left, ReservedPorts.PORTS * locals.size())) {
        return takeReserved(client, origin, locals, first);
      }
      scarce(address, origin, left, ReservedPorts.PORTS * locals.size(), isPatient);
    } else if (policy == ReservedPortPolicy.ALWAYS) {
      throw new ExhaustedException("may not bind a port below 1024: " + CURE);
    }
    othersUsed++;
    int port = client == null || !isChoosing ? 0 : above.of(client);
    port = restingAbove.isResting(port, nanoTime.getAsLong()) ? 0 : port;
    return new Source(new InetSocketAddress(locals.get(first), port), false, address);
  }

  private Source takeReserved(
      @Nullable InetSocketAddress client,
      InetSocketAddress origin,
      List<InetAddress> locals,
      int first) {
    long nowNanos = nanoTime.getAsLong();
    long wanted = client == null ? ReservedPorts.OWN : WantedPort.number(client);
    int port = 0;
    InetAddress local = null;
    for (int i = 0; port == 0; i++) {
      local = locals.get((first + i) % locals.size());
      port = reserved.take(local, origin, wanted, nowNanos);
    }
    InetAddress address = client == null ? null : client.getAddress();
    sharesOf(origin).took(address);
    reservedUsed++;
    return new Source(new InetSocketAddress(local, port), true, address);
  }

  /** Says so, and throws where there is no other way. */
  private void scarce(
      @Nullable InetAddress client,
      InetSocketAddress origin,
      int left,
      int total,
      boolean isPatient)
      throws ExhaustedException {
    String what = "%d of %d source ports below 1024 to %s are free".formatted(left, total, origin);
    if (left > 0 && client != null) {
      what +=
          ", kept for the proxy itself and for other clients than %s, which has %d"
              .formatted(client.getHostAddress(), sharesOf(origin).of(client));
    }
    boolean waits = policy == ReservedPortPolicy.ALWAYS;
    if ((waits || !isPatient) && scarcityTold.isDue(nanoTime.getAsLong())) {
      String then =
          waits
              ? "who wants one waits, and is closed in the end"
              : "what comes leaves from ports above 1023, which an origin that exports \"secure\""
                  + " refuses";
      log.warn("{}; {}. Cure: {}", what, then, CURE_OF_SCARCITY);
    }
    if (waits || isPatient) {
      throw new ExhaustedException(what);
    }
  }

  /** Gives a source back, when its connection has ended or never came to be. */
  synchronized void giveBack(Source source, InetSocketAddress origin) {
    int port = source.local.getPort();
    if (free(source, origin)) {
      reserved.giveBack(source.local.getAddress(), origin, port, nanoTime.getAsLong());
    } else if (port != 0) {
      restingAbove.left(port, nanoTime.getAsLong());
    }
  }

  /** Gives a source back that somebody else on this machine has, or the system still keeps. */
  synchronized void refused(Source source, InetSocketAddress origin) {
    if (free(source, origin)) {
      reserved.refused(
          source.local.getAddress(), origin, source.local.getPort(), nanoTime.getAsLong());
    }
  }

  private boolean free(Source source, InetSocketAddress origin) {
    if (!source.isReserved) {
      othersUsed--;
      return false;
    }
    reservedUsed--;
    sharesOf(origin).gaveBack(source.client);
    return true;
  }

  private PortShares sharesOf(InetSocketAddress origin) {
    return shares.computeIfAbsent(origin, way -> new PortShares(perClientMax));
  }

  private int left(List<InetAddress> locals, InetSocketAddress origin) {
    long nowNanos = nanoTime.getAsLong();
    return locals.stream().mapToInt(local -> reserved.left(local, origin, nowNanos)).sum();
  }

  /** Remembers that this process may not bind such ports, so that it is not tried again. */
  synchronized void forbidReserved() {
    forbidden = true;
  }

  public synchronized boolean isForbidden() {
    return forbidden;
  }

  /** For the administrator: connections there are, or are being made, by their kind of port. */
  public synchronized Map<String, Long> counts() {
    return Map.of("connectionsBelow1024", reservedUsed, "connectionsAbove1023", othersUsed);
  }

  /** For whoever watches. */
  public synchronized List<Measure> measures() {
    List<Measure> used = new ArrayList<>();
    List<Measure> left = new ArrayList<>();
    for (ReservedPorts.Use use : reserved.uses(nanoTime.getAsLong())) {
      Map<String, String> labels =
          Map.of(
              "local",
              use.local().getHostAddress(),
              "origin",
              use.origin().getAddress().getHostAddress() + ":" + use.origin().getPort());
      used.add(
          new Measure(
              "origin_reserved_ports_used",
              "Source ports below 1024 that connections to the origin have.",
              labels,
              use.used()));
      left.add(
          new Measure(
              "origin_reserved_ports_left",
              "Source ports below 1024 that are free. Few: " + CURE_OF_SCARCITY + ".",
              labels,
              use.left()));
    }
    List<Measure> all = new ArrayList<>(used);
    all.addAll(left);
    String help =
        "Connections to the origin, by the kind of port they leave from, the proxy's own among"
            + " them.";
    all.add(new Measure("origin_connections", help, Map.of("ports", "reserved"), reservedUsed));
    all.add(new Measure("origin_connections", help, Map.of("ports", "others"), othersUsed));
    return all;
  }

  private List<InetAddress> localsFor(InetAddress origin) {
    List<InetAddress> matching = new ArrayList<>();
    boolean wants4 = origin instanceof Inet4Address;
    for (InetAddress address : localAddresses) {
      if (address instanceof Inet4Address == wants4) {
        matching.add(address);
      }
    }
    return matching.isEmpty() ? List.of(wildcard(wants4)) : matching;
  }

  private static InetAddress wildcard(boolean wants4) {
    try {
      return InetAddress.getByAddress(new byte[wants4 ? 4 : 16]);
    } catch (UnknownHostException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }
}
