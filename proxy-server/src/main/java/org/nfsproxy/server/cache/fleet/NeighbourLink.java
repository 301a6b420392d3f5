package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Neighbourhood.Arrival;
import org.nfsproxy.server.cache.Neighbourhood.Coming;
import org.nfsproxy.server.cache.Neighbourhood.Fetch;
import org.nfsproxy.server.cache.Neighbourhood.Grant;
import org.nfsproxy.server.cache.Neighbourhood.Question;
import org.nfsproxy.server.cache.Neighbourhood.Word;
import org.nfsproxy.server.cache.Purged;
import org.nfsproxy.server.member.FrameSocket;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.xdr.XdrException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to another instance, as the home of stretches of files: one connection. Used on one event
 * loop, but for what says otherwise.
 */
// A home that is late with an answer is asked nothing more until it has given it, or the connection
// has ended: so an instance that hangs or has died costs those a wait that wait for it at that
// moment, and nobody behind them.
final class NeighbourLink {
  private static final int AGAIN_MILLIS = 1_000;

  /** What an instance has to answer a purge: its disk may be slow. */
  static final long PURGE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final Logger log = LoggerFactory.getLogger(NeighbourLink.class);

  /** Where another instance is. */
  record Place(String instance, String address, int port) {}

  /** What all ways have in common. */
  record Common(
      Vertx vertx,
      Context context,
      NetClient client,
      MemberSecret secret,
      String instance,
      NeighbourBounds bounds,
      NeighbourCounts counts,
      AtomicLong putBytes,
      LongSupplier nanos) {}

  /** A question without an end yet. */
  private static final class Asked {
    final Question question;
    final Arrival arrival;
    final long sinceNanos;

    /** Whether nothing was said yet. */
    boolean isOpen = true;

    boolean isLate;
    @Nullable FileVersion version;
    long to;
    long left;

    Asked(Question question, Arrival arrival, long sinceNanos) {
      this.question = question;
      this.arrival = arrival;
      this.sinceNanos = sinceNanos;
    }

    boolean isWaitedFor() {
      return version != null && !isLate;
    }
  }

  private record PurgeAsked(long sinceNanos, Promise<Purged> promise) {}

  private final Common common;
  private final Place place;
  private final Map<Integer, Asked> asked = new LinkedHashMap<>();
  private final Map<Integer, PurgeAsked> purges = new LinkedHashMap<>();
  private final ArrayDeque<NeighbourFrame> given = new ArrayDeque<>(0);
  private @Nullable Link link;
  private boolean isConnecting;
  private boolean isClosed;
  private String refused = "";
  private int nextNumber;
  private int lateAnswers;
  private boolean isLooking;
  private volatile boolean isReady;

  /** Begins to connect. */
  NeighbourLink(Common common, Place place) {
    this.common = common;
    this.place = place;
    connect();
  }

  Place place() {
    return place;
  }

  /** Whether it can be asked; from any thread. */
  boolean isReady() {
    return isReady;
  }

  private void connect() {
    if (isClosed || isConnecting || link != null) {
      return;
    }
    isConnecting = true;
    common
        .client
        .connect(place.port, place.address)
        .onComplete(
            attempt -> {
              isConnecting = false;
              if (attempt.succeeded()) {
                link = new Link(attempt.result());
                if (isClosed) {
                  close();
                }
              } else {
                log.debug("instance {}: {}", place.instance, Reason.of(attempt.cause()));
                again();
              }
            });
  }

  private void again() {
    if (!isClosed) {
      common.vertx.setTimer(AGAIN_MILLIS, timer -> connect());
    }
  }

  private void look() {
    Link now = link;
    isReady =
        now != null && now.isWelcome && lateAnswers == 0 && asked.size() < common.bounds.asksMax();
  }

  /** Asks. */
  void ask(Question question, Arrival arrival) {
    Link now = link;
    int number = nextNumber++;
    if (!isReady
        || now == null
        || !now.socket.sendBehind(new NeighbourFrame.Ask(number, question))) {
      common.counts.away.increment();
      arrival.said(new Fetch(null));
      return;
    }
    Asked it = new Asked(question, arrival, common.nanos.getAsLong());
    asked.put(number, it);
    common.counts.asked.increment();
    look();
    lookForLate();
  }

  // One timer for all that wait, so that a call is held for a quarter more at most.
  private void lookForLate() {
    if (isLooking) {
      return;
    }
    isLooking = true;
    long quarter = TimeUnit.NANOSECONDS.toMillis(common.bounds.answerNanos() / 4);
    common.vertx.setTimer(
        Math.max(1, quarter),
        timer -> {
          isLooking = false;
          tick();
          if (asked.values().stream().anyMatch(each -> each.isOpen)) {
            lookForLate();
          }
        });
  }

  /** Ends what has lasted too long. */
  void tick() {
    long now = common.nanos.getAsLong();
    for (Map.Entry<Integer, Asked> each : List.copyOf(asked.entrySet())) {
      Asked it = each.getValue();
      long age = now - it.sinceNanos;
      if (it.isOpen && age >= common.bounds.answerNanos()) {
        isLate(it);
      } else if (it.isWaitedFor() && age >= lastNanos()) {
        asked.remove(each.getKey());
        missed(it);
      }
    }
    for (Map.Entry<Integer, PurgeAsked> each : List.copyOf(purges.entrySet())) {
      if (now - each.getValue().sinceNanos >= PURGE_NANOS) {
        purged(each.getKey(), not("no answer within ten seconds; it may still be at it"));
      }
    }
    look();
  }

  /** What a home waits for somebody who fetches, and as long again for the way. */
  private long lastNanos() {
    return 2 * common.bounds.waitNanos() + TimeUnit.SECONDS.toNanos(1);
  }

  private void isLate(Asked it) {
    common.counts.late.increment();
    it.isLate = true;
    lateAnswers++;
    say(it, new Fetch(null));
  }

  private static void say(Asked it, Word word) {
    if (it.isOpen) {
      it.isOpen = false;
      it.arrival.said(word);
    }
  }

  private void missed(Asked it) {
    common.counts.missed.increment();
    it.arrival.ended();
  }

  /** Gives what was read for others, whose data are on the heap, or says that nothing comes. */
  void give(NeighbourFrame frame) {
    given.add(frame);
    sendGiven();
  }

  // In order: whoever heard first that nothing more comes would not wait for what is on its way.
  private void sendGiven() {
    FrameSocket<NeighbourFrame> to = link == null || !link.isWelcome ? null : link.socket;
    while (!given.isEmpty() && (to == null || to.hasRoom())) {
      NeighbourFrame next = given.remove();
      boolean isSent = to != null && to.send(next);
      if (next instanceof NeighbourFrame.Put put) {
        int length = put.data().readableBytes();
        common.putBytes.addAndGet(-length);
        (isSent ? common.counts.putBytes : common.counts.droppedBytes).add(length);
      }
    }
  }

  /** Takes nothing any more of what was asked for, and gives nothing of what was to be given. */
  void forget() {
    List<Asked> open = List.copyOf(asked.values());
    asked.clear();
    lateAnswers = 0;
    for (NeighbourFrame each : given) {
      if (each instanceof NeighbourFrame.Put put) {
        common.putBytes.addAndGet(-put.data().readableBytes());
      }
    }
    given.clear();
    tellNothingComes(open);
    look();
  }

  private void tellNothingComes(List<Asked> open) {
    for (Asked it : open) {
      if (it.isOpen) {
        say(it, new Fetch(null));
      } else if (it.isWaitedFor()) {
        missed(it);
      }
    }
  }

  /** Has it forget everything, and says what came of it, in ten seconds. */
  Future<Purged> purge() {
    Link now = link;
    int number = nextNumber++;
    Promise<Purged> promise = Promise.promise();
    purges.put(number, new PurgeAsked(common.nanos.getAsLong(), promise));
    if (now == null || !now.isWelcome || !now.socket.sendBehind(new NeighbourFrame.Purge(number))) {
      purged(number, not("it cannot be reached"));
    }
    return promise.future();
  }

  private Purged not(String why) {
    return Purged.not(place.instance, why);
  }

  private void purged(int number, Purged outcome) {
    PurgeAsked asked = purges.remove(number);
    if (asked != null) {
      asked.promise.complete(outcome);
    }
  }

  /** Ends it. */
  void close() {
    isClosed = true;
    Link now = link;
    if (now != null) {
      now.socket.close();
    }
  }

  private final class Link {
    final FrameSocket<NeighbourFrame> socket;
    private final byte[] nonce = common.secret.nonce();
    private byte[] homesNonce = new byte[0];
    boolean isWelcome;

    Link(NetSocket connection) {
      NeighbourFrame.Form form = new NeighbourFrame.Form(common.bounds.unsentBytesMax());
      socket = new FrameSocket<>(common.vertx, connection, form, this::take, this::ended);
      socket.whenRoom(NeighbourLink.this::sendGiven);
    }

    private void take(NeighbourFrame frame) {
      if (frame instanceof NeighbourFrame.Alive) {
        return;
      }
      if (!isWelcome) {
        takeOfStranger(frame);
      } else if (frame instanceof NeighbourFrame.Comes it) {
        comes(it);
      } else if (frame instanceof NeighbourFrame.Yours it) {
        fetch(it);
      } else if (frame instanceof NeighbourFrame.Piece it) {
        piece(it);
      } else if (frame instanceof NeighbourFrame.End it) {
        end(it);
      } else if (frame instanceof NeighbourFrame.HasPurged it) {
        purged(it.number(), Purged.of(place.instance, it.droppedBytes()));
      } else {
        throw new XdrException("a frame of the wrong side");
      }
      look();
    }

    private void takeOfStranger(NeighbourFrame frame) {
      if (frame instanceof NeighbourFrame.Challenge challenge
          && challenge.form() != NeighbourFrame.FORM) {
        refuse(
            "instance {} at {} port {} is of another version of nfs-proxy: it is asked for no data"
                + " until both are of one version");
      } else if (frame instanceof NeighbourFrame.Challenge challenge && homesNonce.length == 0) {
        homesNonce = challenge.nonce();
        byte[] proof = common.secret.ofMember(homesNonce, nonce, common.instance);
        socket.send(new NeighbourFrame.Hello(NeighbourFrame.FORM, nonce, proof, common.instance));
        socket.sealWith(common.secret.ofMembersFrames(homesNonce, nonce));
      } else if (frame instanceof NeighbourFrame.Welcome welcome
          && homesNonce.length > 0
          && welcome.instance().equals(place.instance)
          && MemberSecret.isSame(
              welcome.proof(), common.secret.ofOwner(homesNonce, nonce, welcome.instance()))) {
        isWelcome = true;
        refused = "";
        socket.openWith(common.secret.ofOwnersFrames(homesNonce, nonce));
        look();
        common.counts.reached.incrementAndGet();
        log.info("instance {} can be asked for data that were read", place.instance);
      } else {
        refuse(
            "whoever is where instance {} should be, at {} port {}, is not that one, or has another"
                + " secret in cache.neighbours.secretFile: it is not asked for data");
      }
    }

    // It is tried again each second, and said once.
    private void refuse(String why) {
      if (!why.equals(refused)) {
        refused = why;
        log.warn(why, place.instance, place.address, place.port);
      }
      socket.close();
    }

    private void answered(Asked it) {
      if (it.isLate) {
        lateAnswers--;
      } else {
        common.counts.answerNanos.add(common.nanos.getAsLong() - it.sinceNanos);
      }
    }

    private void comes(NeighbourFrame.Comes word) {
      Asked it = asked.get(word.number());
      if (it == null) {
        return;
      }
      if (it.version != null
          || word.to() <= it.question.from()
          || word.to() > it.question.to()
          || word.to() > word.version().size()) {
        throw new XdrException("a word that is no answer");
      }
      answered(it);
      it.version = word.version();
      it.to = word.to();
      it.left = word.to() - it.question.from();
      if (!it.isLate) {
        (word.isHere() ? common.counts.here : common.counts.coming).increment();
        say(it, new Coming(word.version(), word.to()));
      }
    }

    private void fetch(NeighbourFrame.Yours word) {
      Asked it = asked.remove(word.number());
      if (it == null) {
        return;
      }
      if (it.version != null) {
        throw new XdrException("a second word");
      }
      answered(it);
      if (word.isGranted() && it.isLate) {
        give(givenUp(it.question));
      } else if (!it.isLate) {
        if (word.isGranted()) {
          common.counts.granted.increment();
        }
        say(it, new Fetch(new Granted(NeighbourLink.this, common, it.question, word.isGranted())));
      }
    }

    private void piece(NeighbourFrame.Piece piece) {
      Asked it = asked.get(piece.number());
      if (it == null || !it.isWaitedFor()) {
        return;
      }
      ByteBuf data = piece.data();
      long end = piece.offset() + data.readableBytes();
      FileKey key = it.question.key();
      if (!piece.version().equals(it.version)
          || piece.offset() < it.question.from()
          || end > it.to
          || end <= piece.offset()
          || PieceSum.of(key, piece.version(), piece.offset(), data) != piece.sum()) {
        common.counts.damaged.increment();
        asked.remove(piece.number());
        missed(it);
        return;
      }
      common.counts.broughtBytes.add(data.readableBytes());
      it.left -= data.readableBytes();
      it.arrival.arrived(piece.version(), piece.offset(), data);
    }

    private void end(NeighbourFrame.End end) {
      Asked it = asked.remove(end.number());
      if (it == null) {
        return;
      }
      if (it.version == null) {
        throw new XdrException("an end without a beginning");
      }
      if (it.isLate) {
        return;
      }
      if (it.left > 0) {
        common.counts.missed.increment();
      }
      it.arrival.ended();
    }

    private void ended() {
      link = null;
      if (socket.isBroken()) {
        common.counts.unsealed.increment();
      }
      if (isWelcome) {
        common.counts.reached.decrementAndGet();
        log.info("instance {} can be asked no more", place.instance);
      }
      List<Asked> open = List.copyOf(asked.values());
      asked.clear();
      lateAnswers = 0;
      look();
      tellNothingComes(open);
      for (Integer number : List.copyOf(purges.keySet())) {
        purged(number, not("the connection to it ended before it answered"));
      }
      sendGiven();
      again();
    }
  }

  private static NeighbourFrame givenUp(Question question) {
    return new NeighbourFrame.GivenUp(question.key(), question.from(), question.to());
  }

  /** Takes what another instance is given, as its home. */
  // Used by whoever has the reply, one after the other.
  private static final class Granted implements Grant {
    private final NeighbourLink to;
    private final Common common;
    private final Question question;
    private final boolean isAwaited;
    private long reached;

    Granted(NeighbourLink to, Common common, Question question, boolean isAwaited) {
      this.to = to;
      this.common = common;
      this.question = question;
      this.isAwaited = isAwaited;
      this.reached = question.from();
    }

    @Override
    public void put(FileVersion version, long offset, ByteBuf bytes) {
      Neighbours.pieces(bytes, offset, (at, piece) -> putPiece(version, at, piece));
    }

    private void putPiece(FileVersion version, long offset, ByteBuf piece) {
      int length = piece.readableBytes();
      if (common.putBytes.addAndGet(length) > common.bounds.putBytesMax()) {
        common.putBytes.addAndGet(-length);
        common.counts.droppedBytes.add(length);
        return;
      }
      int sum = PieceSum.of(question.key(), version, offset, piece);
      NeighbourFrame put =
          new NeighbourFrame.Put(
              question.key(), version, offset, sum, Unpooled.copiedBuffer(piece));
      common.context.runOnContext(here -> to.give(put));
      if (offset <= reached) {
        reached = Math.max(reached, offset + length);
      }
    }

    @Override
    public void end() {
      if (isAwaited && reached < question.to()) {
        common.context.runOnContext(here -> to.give(givenUp(question)));
      }
    }
  }
}
