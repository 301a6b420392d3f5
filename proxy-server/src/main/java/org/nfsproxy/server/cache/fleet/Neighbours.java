package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Neighbourhood;
import org.nfsproxy.server.cache.Purged;
import org.nfsproxy.server.cache.Shelf;
import org.nfsproxy.server.member.MemberSecret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of one proxy as they serve each other data that were read. For all threads.
 *
 * <p>Each says to the others, by what binds the cluster, where it is asked; all else goes by
 * connections of their own.
 */
// All of it is on one event loop. What an instance asks itself, as the home of a stretch, goes the
// same way but for the connection, so that who fetches for all is decided in one place.
public final class Neighbours implements Neighbourhood {
  private static final int TICK_MILLIS = 100;
  private static final Fetch NOBODY = new Fetch(null);
  private static final int CONNECT_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Neighbours.class);

  /**
   * Who this one is.
   *
   * @param instance its name
   * @param origin what is behind it
   * @param secret what all have in common
   */
  public record Self(String instance, String origin, byte[] secret) {}

  private final Self self;
  private final String address;
  private final Shelf shelf;
  private final Context context;
  private final Home home;
  private final NeighbourServer server;
  private final NeighbourLink.Common common;
  private final NeighbourCounts counts = new NeighbourCounts();
  private final int instancesMax;
  private final Apart apart;
  private final Purges purges;
  private final Map<String, NeighbourLink> links = new ConcurrentHashMap<>();
  private final Object own = new Object();
  private long ticking;
  private boolean isClosed;
  private boolean hasJoined;
  private volatile int port;
  private List<String> notAsked = List.of();
  private volatile Homes homes;
  private volatile int fetching;
  private volatile int waiting;

  private Neighbours(
      Vertx vertx,
      Self self,
      String address,
      NeighbourBounds bounds,
      Shelf shelf,
      LongSupplier nanos) {
    this.self = self;
    this.address = address;
    this.shelf = shelf;
    this.context = vertx.getOrCreateContext();
    this.home = new Home(shelf, bounds, nanos, then -> context.runOnContext(here -> then.run()));
    this.homes = new Homes(List.of(self.instance));
    this.instancesMax = bounds.connectionsMax();
    this.apart = new Apart(nanos);
    this.purges = new Purges(() -> vertx.executeBlocking(shelf::purge, false));
    MemberSecret secret = NeighbourFrame.secret(self.origin, self.secret);
    this.server =
        new NeighbourServer(
            vertx, secret, self.instance, bounds, shelf, home, counts, apart, this::forgetAll);
    NetClient client =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setTcpNoDelay(true)
                .setSoLinger(0)
                .setLocalAddress(address)
                .setSendBufferSize(NeighbourServer.SEND_BUFFER_BYTES));
    this.common =
        new NeighbourLink.Common(
            vertx, context, client, secret, self.instance, bounds, counts, new AtomicLong(), nanos);
  }

  /**
   * Starts.
   *
   * @param address where the others ask this one: an IP address
   * @param port 0 for any
   * @param shelf what is in this one's memory
   * @param nanos this machine's clock, as {@link System#nanoTime}
   * @return completes when others can ask this one; fails if it cannot listen
   */
  public static Future<Neighbours> start(
      Vertx vertx,
      Self self,
      String address,
      int port,
      NeighbourBounds bounds,
      Shelf shelf,
      LongSupplier nanos) {
    Promise<Neighbours> started = Promise.promise();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        here -> {
          Neighbours made = new Neighbours(vertx, self, address, bounds, shelf, nanos);
          made.server
              .listen(address, port)
              .map(
                  listening -> {
                    log.info(
                        "cache: other instances ask this one at {} port {}", address, listening);
                    made.port = listening;
                    made.ticking = vertx.setPeriodic(TICK_MILLIS, timer -> made.tick());
                    return made;
                  })
              .onComplete(started);
        });
    return started.future();
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Tells the others where this one is asked, and hears where they are. */
  public void join(Fleet fleet) {
    fleet.onChange(NeighbourPlace.TOPIC, () -> heard(fleet));
    fleet.say(NeighbourPlace.TOPIC, new NeighbourPlace(address, port, self.origin).write());
    heard(fleet);
  }

  private void heard(Fleet fleet) {
    context.runOnContext(here -> adopt(fleet.heard(NeighbourPlace.TOPIC)));
  }

  private void adopt(Map<String, byte[]> heard) {
    if (isClosed) {
      return;
    }
    hasJoined = true;
    List<String> passedOver = new ArrayList<>();
    Map<String, NeighbourLink.Place> there = new HashMap<>();
    for (Map.Entry<String, byte[]> each : new TreeMap<>(heard).entrySet()) {
      NeighbourPlace place = NeighbourPlace.read(each.getValue());
      boolean isOther = !each.getKey().equals(self.instance);
      if (place == null || !isOther || !place.origin().equals(self.origin)) {
        continue;
      }
      if (there.size() < instancesMax) {
        there.put(
            each.getKey(), new NeighbourLink.Place(each.getKey(), place.address(), place.port()));
      } else {
        passedOver.add(each.getKey());
      }
    }
    passOver(passedOver);
    links
        .values()
        .removeIf(
            link -> {
              boolean isGone = !link.place().equals(there.get(link.place().instance()));
              if (isGone) {
                link.close();
              }
              return isGone;
            });
    there.forEach(
        (name, place) -> links.computeIfAbsent(name, same -> new NeighbourLink(common, place)));
    Set<String> all = new TreeSet<>(there.keySet());
    all.add(self.instance);
    if (!homes.instances().equals(List.copyOf(all))) {
      homes = new Homes(all);
    }
  }

  private void passOver(List<String> names) {
    if (!names.isEmpty() && counts.passedOver.get() == 0) {
      log.warn(
          "{} other instances are there, more than cache.neighbours.instancesMax, {}: {} is one of"
              + " those that are not asked for data",
          instancesMax + names.size(),
          instancesMax,
          names.get(0));
    }
    counts.passedOver.set(names.size());
    notAsked = List.copyOf(names);
  }

  private void tick() {
    home.tick();
    if (apart.ends()) {
      server.closeAll();
    }
    links.values().forEach(NeighbourLink::tick);
    fetching = home.fetching();
    waiting = home.waiting();
  }

  @Override
  public void ask(Question question, Arrival arrival) {
    Homes now = homes;
    boolean isApart = apart.is();
    boolean isAlone = now.instances().size() == 1; // it knows what it fetches itself
    boolean isTooLong = question.to() - question.from() > NeighbourFrame.RANGE_BYTES_MAX;
    String name = isAlone || isTooLong || isApart ? null : now.of(question.key(), question.from());
    if (name == null) {
      arrival.said(NOBODY);
      return;
    }
    NeighbourLink link = links.get(name);
    if (name.equals(self.instance)) {
      together(arrival, () -> home.ask(question, new Own(question, arrival)));
    } else if (link != null && link.isReady()) {
      together(arrival, () -> link.ask(question, arrival));
    } else {
      counts.away.increment();
      arrival.said(NOBODY);
    }
  }

  // A purge may have begun on the way to the event loop.
  private void together(Arrival arrival, Runnable asking) {
    context.runOnContext(
        here -> {
          if (apart.is()) {
            arrival.said(NOBODY);
          } else {
            asking.run();
          }
        });
  }

  /**
   * Has all instances forget everything.
   *
   * @return what each of those said that this one knows of, this one first; completes in some ten
   *     seconds
   */
  public Future<List<Purged>> purge() {
    Promise<List<Purged>> purged = Promise.promise();
    context.runOnContext(here -> purgeAll().onComplete(purged));
    return purged.future();
  }

  private Future<List<Purged>> purgeAll() {
    List<Future<Purged>> all = new ArrayList<>();
    all.add(forgetAll().map(bytes -> Purged.of(self.instance, bytes)));
    new TreeMap<>(links).values().forEach(link -> all.add(link.purge()));
    for (String each : notAsked) {
      String why = "it is one more than cache.neighbours.instancesMax";
      all.add(Future.succeededFuture(Purged.not(each, why)));
    }
    if (!hasJoined) {
      String why = "this instance has not joined the cluster yet, and knows of none";
      all.add(Future.succeededFuture(Purged.not("all others", why)));
    }
    return Future.all(all).map(done -> all.stream().map(Future::result).toList());
  }

  // What is on its way from others was read before they purged.
  private Future<Long> forgetAll() {
    apart.begin();
    links.values().forEach(NeighbourLink::forget);
    return purges.purge();
  }

  /** Takes pieces of bytes. */
  interface Pieces {
    /** A piece; the buffer is the giver's. */
    void piece(long offset, ByteBuf bytes);
  }

  /** Cuts bytes at multiples of what is sent at once. */
  static void pieces(ByteBuf bytes, long offset, Pieces pieces) {
    int length = bytes.readableBytes();
    int done = 0;
    while (done < length) {
      long at = offset + done;
      long left = NeighbourFrame.DATA_BYTES_MAX - at % NeighbourFrame.DATA_BYTES_MAX;
      int next = (int) Math.min(left, length - done);
      pieces.piece(at, bytes.slice(bytes.readerIndex() + done, next));
      done += next;
    }
  }

  /** What is counted. */
  public List<Measure> measures() {
    return counts.measures(fetching, waiting);
  }

  /**
   * Stops.
   *
   * @return completes when nobody is connected any more
   */
  public Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(
        here -> {
          isClosed = true;
          common.vertx().cancelTimer(ticking);
          links.values().forEach(NeighbourLink::close);
          common.client().close();
          server.close().onComplete(closed);
        });
    return closed.future();
  }

  /** A question of this instance's own clients, with it as the home. */
  private final class Own implements Home.Asker {
    private final Question question;
    private final Arrival arrival;

    Own(Question question, Arrival arrival) {
      this.question = question;
      this.arrival = arrival;
    }

    @Override
    public Object member() {
      return own;
    }

    @Override
    public void coming(FileVersion version, long to, boolean isHere) {
      arrival.said(new Coming(version, to));
    }

    @Override
    public void fetch(boolean isGranted) {
      arrival.said(new Fetch(isGranted ? new OwnGrant(question) : null));
    }

    @Override
    public void bring(FileVersion version, long from, long to) {
      List<ByteBuf> parts = shelf.take(question.key(), version, from, to);
      if (parts != null) {
        ByteBuf bytes = Unpooled.wrappedBuffer(parts.toArray(ByteBuf[]::new));
        try {
          arrival.arrived(version, from, bytes);
        } finally {
          bytes.release();
        }
      }
      arrival.ended();
    }

    @Override
    public void none() {
      arrival.ended();
    }
  }

  /** What was read by this instance as the home. */
  private final class OwnGrant implements Grant {
    private final FileKey key;
    private final long from;
    private final long to;

    OwnGrant(Question question) {
      this.key = question.key();
      this.from = question.from();
      this.to = question.to();
    }

    @Override
    public void put(FileVersion version, long offset, ByteBuf bytes) {
      long end = offset + bytes.readableBytes();
      context.runOnContext(here -> home.arrived(key, version, offset, end));
    }

    @Override
    public void end() {
      context.runOnContext(here -> home.givenUp(own, key, from, to));
    }
  }
}
