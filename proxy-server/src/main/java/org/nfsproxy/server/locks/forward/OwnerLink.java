package org.nfsproxy.server.locks.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.member.FrameSocket;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of an instance that is not the owner to the one that is: one connection to the lock
 * address, for all clients. Used on one event loop.
 */
// Which instance is there, nobody asks: whoever has the address has the locks. It must know the
// secret too, since it is told what clients lock, and has clients called.
public final class OwnerLink {
  private static final int CONNECT_MILLIS = 1_000;
  private static final int AGAIN_MILLIS = 250;

  /** Longer than clients wait before they ask again. */
  private static final int UNANSWERED_SECONDS = 60;

  private static final int PURGE_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(OwnerLink.class);

  /**
   * Who the owner is.
   *
   * @param page where its page is; may be empty
   */
  public record Owner(String instance, String page) {}

  /** How long a call has waited, and who waits. */
  private record Unanswered(long sinceNanos, Promise<byte[]> promise) {}

  private final Vertx vertx;
  private final MemberSecret secret;
  private final String instance;
  private final InetAddress address;
  private final int port;
  private final ClientCall.Caller caller;
  private final LongSupplier nanoTime;
  private final NetClient client;
  private final Map<Integer, Unanswered> unanswered = new LinkedHashMap<>();
  private final long purging;
  private Set<InetAddress> own = Set.of();
  private boolean isWanted;
  private boolean isConnecting;
  private boolean hasOffer;
  private @Nullable Link link;
  private volatile @Nullable Owner owner;
  private volatile int unansweredCount;

  /**
   * Connects to nobody yet.
   *
   * @param instance what this one is called
   * @param address the lock address
   * @param port where the owner listens there
   * @param caller calls clients from here
   */
  public OwnerLink(
      Vertx vertx,
      MemberSecret secret,
      String instance,
      InetAddress address,
      int port,
      ClientCall.Caller caller,
      LongSupplier nanoTime) {
    this.vertx = vertx;
    this.secret = secret;
    this.instance = instance;
    this.address = address;
    this.port = port;
    this.caller = caller;
    this.nanoTime = nanoTime;
    NetClientOptions options =
        new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true).setSoLinger(0);
    this.client = vertx.createNetClient(options);
    this.purging = vertx.setPeriodic(PURGE_MILLIS, timer -> purge());
  }

  /**
   * Whether there should be a connection: not while this instance has the lock address.
   *
   * @param addresses this machine's own
   */
  public void want(boolean wanted, Set<InetAddress> addresses) {
    isWanted = wanted;
    Link now = link;
    if (!addresses.equals(own)) {
      own = Set.copyOf(addresses);
      if (now != null && now.isWelcome) {
        now.tellAddresses();
      }
    }
    if (wanted) {
      connect();
    } else if (now != null) {
      now.socket.close();
    }
  }

  /** Tells the owner, now or when there is one, that there is something in the shared records. */
  public void offer() {
    hasOffer = true;
    tellOffer();
  }

  private void tellOffer() {
    Link now = link;
    if (hasOffer && now != null && now.isWelcome) {
      hasOffer = !now.socket.send(new Frame.Offered());
    }
  }

  private void connect() {
    if (isConnecting || link != null || !isWanted) {
      return;
    }
    isConnecting = true;
    client
        .connect(port, address.getHostAddress())
        .onComplete(
            attempt -> {
              isConnecting = false;
              if (attempt.succeeded()) {
                connected(attempt.result());
              } else {
                log.debug("no owner of locks: {}", Reason.of(attempt.cause()));
                again();
              }
            });
  }

  private void again() {
    if (isWanted) {
      vertx.setTimer(AGAIN_MILLIS, timer -> connect());
    }
  }

  private void connected(NetSocket socket) {
    Link made = new Link(socket);
    link = made;
    if (!isWanted) {
      made.socket.close();
    }
  }

  /** Whether calls can be forwarded. */
  public boolean isConnected() {
    return owner != null;
  }

  /** Who takes them; null if nobody does; from any thread. */
  public @Nullable Owner owner() {
    return owner;
  }

  /** Calls that have no reply; from any thread. */
  public int unanswered() {
    return unansweredCount;
  }

  /**
   * Forwards a call.
   *
   * @param record the whole record, marker included
   * @return the reply; fails if there is none, and the client is to ask again
   */
  public Future<byte[]> forward(LockCaller from, ByteBuf record) {
    Link now = link;
    if (now == null || !now.isWelcome) {
      return Future.failedFuture(new IOException("nobody has the lock address"));
    }
    int number = now.nextNumber++;
    Promise<byte[]> promise = Promise.promise();
    unanswered.put(number, new Unanswered(nanoTime.getAsLong(), promise));
    unansweredCount = unanswered.size();
    if (!now.socket.send(new Frame.Forwarded(number, from, ByteBufUtil.getBytes(record)))) {
      fail(number, "the owner takes nothing");
    }
    return promise.future();
  }

  private void fail(int number, String why) {
    Unanswered call = unanswered.remove(number);
    unansweredCount = unanswered.size();
    if (call != null) {
      call.promise.fail(new IOException(why));
    }
  }

  private void purge() {
    long now = nanoTime.getAsLong();
    Iterator<Unanswered> oldest = unanswered.values().iterator();
    while (oldest.hasNext()) {
      Unanswered call = oldest.next();
      if (now - call.sinceNanos < TimeUnit.SECONDS.toNanos(UNANSWERED_SECONDS)) {
        break;
      }
      oldest.remove();
      call.promise.fail(new IOException("no reply"));
    }
    unansweredCount = unanswered.size();
  }

  /** Ends it. */
  public void close() {
    isWanted = false;
    vertx.cancelTimer(purging);
    Link now = link;
    if (now != null) {
      now.socket.close();
    }
    client.close();
  }

  private final class Link {
    private final FrameSocket<Frame> socket;
    private byte[] ownersNonce = new byte[0];
    private final byte[] nonce = secret.nonce();
    private boolean isWelcome;
    private int nextNumber;

    Link(NetSocket connection) {
      socket = new FrameSocket<>(vertx, connection, Frame.WRITTEN, this::take, this::ended);
    }

    private void take(Frame frame) {
      if (frame instanceof Frame.Alive) {
        return;
      }
      if (!isWelcome) {
        takeOfStranger(frame);
      } else if (frame instanceof Frame.Replied reply) {
        replied(reply);
      } else if (frame instanceof Frame.Callback callback) {
        callBack(callback);
      } else {
        throw new XdrException("a frame of the wrong side");
      }
    }

    private void takeOfStranger(Frame frame) {
      if (frame instanceof Frame.Challenge challenge && challenge.form() == Frame.FORM) {
        ownersNonce = challenge.nonce();
        byte[] proof = secret.ofMember(ownersNonce, nonce, instance);
        socket.send(new Frame.Hello(nonce, proof, instance));
      } else if (frame instanceof Frame.Welcome welcome
          && ownersNonce.length > 0
          && MemberSecret.isSame(
              welcome.proof(), secret.ofOwner(ownersNonce, nonce, welcome.instance()))) {
        isWelcome = true;
        owner = new Owner(welcome.instance(), welcome.page());
        log.info(
            "locks are served by instance {}, which has {}",
            welcome.instance(),
            address.getHostAddress());
        tellAddresses();
        tellOffer();
      } else {
        log.warn(
            "whoever has {} is no instance of this proxy, or has another secret in locks.secretFile, or"
                + " is of another version: no locks",
            address.getHostAddress());
        socket.close();
      }
    }

    private void tellAddresses() {
      List<InetAddress> some = own.stream().limit(Frame.ADDRESSES_MAX).toList();
      if (!socket.send(new Frame.Addresses(some))) {
        socket.close();
      }
    }

    private void replied(Frame.Replied reply) {
      Unanswered call = unanswered.remove(reply.number());
      unansweredCount = unanswered.size();
      if (call != null) {
        call.promise.complete(reply.record());
      }
    }

    private void callBack(Frame.Callback callback) {
      caller
          .call(callback.call())
          .onComplete(
              done -> {
                boolean hasResults = done.succeeded();
                byte[] answer =
                    hasResults
                        ? rest(done.result())
                        : Reason.of(done.cause()).getBytes(StandardCharsets.UTF_8);
                boolean fits = answer.length <= Frame.BYTES_MAX / 2;
                socket.send(
                    new Frame.Answer(
                        callback.number(), hasResults && fits, fits ? answer : new byte[0]));
              });
    }

    private static byte[] rest(XdrReader in) {
      return ByteBufUtil.getBytes(in.buffer(), in.position(), in.remaining());
    }

    private void ended() {
      if (link == this) {
        link = null;
        if (owner != null) {
          log.info("the connection to the owner of locks has ended");
        }
        owner = null;
        List.copyOf(unanswered.keySet()).forEach(each -> fail(each, "the owner is gone"));
        again();
      }
    }
  }
}
