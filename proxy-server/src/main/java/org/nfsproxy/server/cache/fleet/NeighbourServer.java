package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Shelf;
import org.nfsproxy.server.member.FrameSocket;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.server.socket.CloseNow;
import org.nfsproxy.xdr.XdrException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where other instances ask this one as a home. Used on one event loop. */
// Whoever asks is told what clients read, and whatever it puts is sent to clients: so it must have
// shown that it knows the secret. Until then it may send one frame, and has two seconds for it.
final class NeighbourServer {
  /** Connections of those that have not shown who they are. */
  static final int STRANGERS_MAX = 64;

  static final int STRANGER_MILLIS = 2_000;

  /** Words that one question may have at once, and more. */
  private static final int WORDS_EACH = 4;

  /** That one instance may wait for: it asks for one after the other. */
  private static final int PURGES_MAX = 16;

  /** A word must not stand behind what a full socket holds: some milliseconds of 1 Gbit/s. */
  static final int SEND_BUFFER_BYTES = 512 << 10;

  private static final Logger log = LoggerFactory.getLogger(NeighbourServer.class);

  private final Vertx vertx;
  private final MemberSecret secret;
  private final String instance;
  private final NeighbourBounds bounds;
  private final Shelf shelf;
  private final Home home;
  private final NeighbourCounts counts;
  private final Apart apart;
  private final Supplier<Future<Long>> purge;
  private final NetServer server;
  private final Set<Member> strangers = new LinkedHashSet<>();
  private boolean isFull;
  private final Set<Member> members = new LinkedHashSet<>();

  /**
   * Listens to nobody yet.
   *
   * @param instance what this one is called
   * @param apart when nothing is taken
   * @param purge forgets everything here, and says how many bytes
   */
  NeighbourServer(
      Vertx vertx,
      MemberSecret secret,
      String instance,
      NeighbourBounds bounds,
      Shelf shelf,
      Home home,
      NeighbourCounts counts,
      Apart apart,
      Supplier<Future<Long>> purge) {
    this.vertx = vertx;
    this.secret = secret;
    this.instance = instance;
    this.bounds = bounds;
    this.shelf = shelf;
    this.home = home;
    this.counts = counts;
    this.apart = apart;
    this.purge = purge;
    NetServerOptions options =
        new NetServerOptions()
            .setTcpNoDelay(true)
            .setSoLinger(0)
            .setSendBufferSize(SEND_BUFFER_BYTES);
    this.server = vertx.createNetServer(options).connectHandler(this::accept);
  }

  /**
   * Listens.
   *
   * @param port 0 for any
   * @return completes with the port
   */
  Future<Integer> listen(String address, int port) {
    return server.listen(port, address).map(NetServer::actualPort);
  }

  private void accept(NetSocket socket) {
    if (members.size() >= bounds.connectionsMax()) {
      counts.strangers.increment();
      if (!isFull) {
        isFull = true;
        log.warn(
            "{} instances ask this one for data: more than cache.neighbours.instancesMax ask"
                + " in vain",
            members.size());
      }
      CloseNow.of(socket);
      return;
    }
    if (strangers.size() >= STRANGERS_MAX) {
      counts.strangers.increment();
      strangers.iterator().next().socket.close(); // who is one of us has long answered
    }
    Member member = new Member(socket);
    strangers.add(member);
    vertx.setTimer(STRANGER_MILLIS, late -> member.closeStranger());
    member.socket.send(new NeighbourFrame.Challenge(NeighbourFrame.FORM, member.nonce));
  }

  /** Ends all connections: they are made anew, with nothing on them of before. */
  void closeAll() {
    List.copyOf(members).forEach(each -> each.socket.close());
  }

  /**
   * Stops.
   *
   * @return completes when nobody is connected any more
   */
  Future<Void> close() {
    List.copyOf(strangers).forEach(each -> each.socket.close());
    closeAll();
    return server.close();
  }

  /** What is being sent to somebody, as far as it has not been. */
  private static final class Sending {
    final int number;
    final FileKey key;
    final FileVersion version;
    final long to;
    long at;

    Sending(int number, FileKey key, FileVersion version, long from, long to) {
      this.number = number;
      this.key = key;
      this.version = version;
      this.at = from;
      this.to = to;
    }
  }

  private final class Member {
    private final FrameSocket<NeighbourFrame> socket;
    private final byte[] nonce = secret.nonce();
    private final ArrayDeque<NeighbourFrame> words = new ArrayDeque<>(0);
    private final ArrayDeque<Sending> sending = new ArrayDeque<>(0);
    private String name = "";
    private int purges;

    Member(NetSocket connection) {
      NeighbourFrame.Form form = new NeighbourFrame.Form(bounds.unsentBytesMax());
      socket = new FrameSocket<>(vertx, connection, form, this::take, this::ended);
      socket.whenRoom(this::send);
    }

    private void take(NeighbourFrame frame) {
      if (strangers.contains(this)) {
        takeOfStranger(frame);
      } else if (frame instanceof NeighbourFrame.Ask it) {
        ask(it);
      } else if (frame instanceof NeighbourFrame.Put it) {
        put(it);
      } else if (frame instanceof NeighbourFrame.GivenUp it) {
        home.givenUp(this, it.key(), it.from(), it.to());
      } else if (frame instanceof NeighbourFrame.Purge it) {
        purge(it);
      } else if (!(frame instanceof NeighbourFrame.Alive)) {
        throw new XdrException("a frame of the wrong side");
      }
    }

    private void takeOfStranger(NeighbourFrame frame) {
      if (frame instanceof NeighbourFrame.Alive) {
        return;
      }
      if (frame instanceof NeighbourFrame.Hello other && other.form() != NeighbourFrame.FORM) {
        counts.strangers.increment();
        log.warn(
            "{} asks for data that were read, and is of another version of nfs-proxy: refused until"
                + " both are of one version",
            socket);
        socket.close();
        return;
      }
      if (!(frame instanceof NeighbourFrame.Hello hello)
          || !MemberSecret.isSame(
              hello.proof(), secret.ofMember(nonce, hello.nonce(), hello.instance()))) {
        counts.strangers.increment();
        log.warn(
            "{} asks for data that were read and does not know the secret in"
                + " cache.neighbours.secretFile, which all instances have in common: refused",
            socket);
        socket.close();
        return;
      }
      strangers.remove(this);
      members.add(this);
      counts.connected.set(members.size());
      name = hello.instance();
      socket.openWith(secret.ofMembersFrames(nonce, hello.nonce()));
      socket.send(
          new NeighbourFrame.Welcome(secret.ofOwner(nonce, hello.nonce(), instance), instance));
      socket.sealWith(secret.ofOwnersFrames(nonce, hello.nonce()));
      log.info("instance {} asks this one for data that were read", name);
    }

    private void closeStranger() {
      if (strangers.contains(this)) {
        counts.strangers.increment();
        socket.close();
      }
    }

    private void ask(NeighbourFrame.Ask it) {
      if (apart.is()) {
        say(new NeighbourFrame.Yours(it.number(), false));
      } else {
        home.ask(it.question(), new Asking(this, it.number(), it.question().key()));
      }
    }

    private void purge(NeighbourFrame.Purge it) {
      if (purges++ >= PURGES_MAX) {
        throw new XdrException("a purge, and none of many has ended");
      }
      log.info("the cache is emptied, as instance {} was told", name);
      purge
          .get()
          .onComplete(
              done -> {
                purges--;
                if (done.succeeded()) {
                  say(new NeighbourFrame.HasPurged(it.number(), done.result()));
                } else {
                  log.warn("the cache was not emptied: {}", Reason.of(done.cause()));
                  socket.close(); // which its asker takes for what it is
                }
              });
    }

    private void put(NeighbourFrame.Put put) {
      if (apart.is()) {
        return;
      }
      ByteBuf data = put.data();
      int length = data.readableBytes();
      long end = put.offset() + length;
      if (length == 0
          || end > put.version().size()
          || PieceSum.of(put.key(), put.version(), put.offset(), data) != put.sum()) {
        counts.damaged.increment();
        return;
      }
      counts.takenBytes.add(length);
      shelf.keep(put.key(), put.version(), put.offset(), data);
      home.arrived(put.key(), put.version(), put.offset(), end);
    }

    /** Says something in front of all data that are to be sent. */
    void say(NeighbourFrame word) {
      if (words.size() >= WORDS_EACH * bounds.asksMax()) {
        socket.close(); // it asks and asks, and reads nothing
        return;
      }
      words.add(word);
      send();
    }

    void begin(Sending begun) {
      sending.add(begun);
      send();
    }

    /** Sends as much as the other side has room for; what it asked for first, first. */
    private void send() {
      while (socket.hasRoom() && !(words.isEmpty() && sending.isEmpty())) {
        if (!words.isEmpty()) {
          socket.send(words.remove());
        } else {
          Sending next = sending.element();
          if (!sendPiece(next) || next.at >= next.to) {
            sending.remove();
            words.add(new NeighbourFrame.End(next.number));
          }
        }
      }
    }

    private boolean sendPiece(Sending next) {
      long grid = next.at - next.at % NeighbourFrame.DATA_BYTES_MAX;
      long to = Math.min(next.to, grid + NeighbourFrame.DATA_BYTES_MAX);
      List<ByteBuf> parts = shelf.take(next.key, next.version, next.at, to);
      if (parts == null) {
        return false;
      }
      ByteBuf data = Unpooled.wrappedBuffer(parts.toArray(ByteBuf[]::new));
      try {
        int sum = PieceSum.of(next.key, next.version, next.at, data);
        socket.send(new NeighbourFrame.Piece(next.number, next.version, next.at, sum, data));
      } finally {
        data.release();
      }
      counts.sentBytes.add(to - next.at);
      next.at = to;
      return true;
    }

    private void ended() {
      if (socket.isBroken()) {
        counts.unsealed.increment();
      }
      strangers.remove(this);
      sending.clear();
      words.clear();
      if (members.remove(this)) {
        counts.connected.set(members.size());
        home.left(this);
        log.info("instance {} asks this one no more", name);
      }
    }
  }

  /** One question of another instance. */
  private final class Asking implements Home.Asker {
    private final Member member;
    private final int number;
    private final FileKey key;

    Asking(Member member, int number, FileKey key) {
      this.member = member;
      this.number = number;
      this.key = key;
    }

    @Override
    public Object member() {
      return member;
    }

    @Override
    public void coming(FileVersion version, long to, boolean isHere) {
      member.say(new NeighbourFrame.Comes(number, version, to, isHere));
    }

    @Override
    public void fetch(boolean isGranted) {
      member.say(new NeighbourFrame.Yours(number, isGranted));
    }

    @Override
    public void bring(FileVersion version, long from, long to) {
      if (member.sending.size() < bounds.asksMax()) {
        member.begin(new Sending(number, key, version, from, to));
      } else {
        none();
      }
    }

    @Override
    public void none() {
      member.say(new NeighbourFrame.End(number));
    }
  }
}
