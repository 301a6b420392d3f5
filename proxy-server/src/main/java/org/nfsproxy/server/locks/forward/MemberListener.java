package org.nfsproxy.server.locks.forward;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.locks.forward.ClientCall.Caller;
import org.nfsproxy.server.locks.listen.LockCalls;
import org.nfsproxy.server.member.FrameSocket;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.server.socket.CloseNow;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the other instances bring their clients' calls, at the lock address. Used on one event
 * loop.
 */
// Whose address a call names is believed, so whoever brings it must have shown that it knows the
// secret. Until then it may send one short frame, and has two seconds for it.
public final class MemberListener {
  /** More than there are instances of one proxy, each with a connection that is just ending. */
  static final int MEMBERS_MAX = 256;

  /** Connections of those that have not shown who they are. */
  static final int STRANGERS_MAX = 64;

  static final int STRANGER_MILLIS = 2_000;

  /** As long as a client may take to be called, and some more for the way. */
  private static final int CALLBACK_MILLIS = 20_000;

  private static final Logger log = LoggerFactory.getLogger(MemberListener.class);

  private final Vertx vertx;
  private final MemberSecret secret;
  private final String instance;
  private final String page;
  private final LockCalls calls;
  private final Runnable offered;
  private final NetServer server;
  private final Set<Member> strangers = new LinkedHashSet<>();
  private final Set<Member> members = new LinkedHashSet<>();
  private final Map<InetAddress, Member> having = new HashMap<>();
  private volatile int memberCount;

  /**
   * Listens to nobody yet.
   *
   * @param instance what this one is called
   * @param page where its page is; may be empty
   * @param calls answers what they bring
   * @param offered told when a member has put something into the shared records
   */
  public MemberListener(
      Vertx vertx,
      MemberSecret secret,
      String instance,
      String page,
      LockCalls calls,
      Runnable offered) {
    this.vertx = vertx;
    this.secret = secret;
    this.instance = instance;
    this.page = page;
    this.calls = calls;
    this.offered = offered;
    NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setSoLinger(0);
    this.server = vertx.createNetServer(options).connectHandler(this::accept);
  }

  /** Listens. */
  public Future<Void> listen(InetAddress address, int port) {
    return server.listen(port, address.getHostAddress()).mapEmpty();
  }

  private void accept(NetSocket socket) {
    if (members.size() >= MEMBERS_MAX) {
      CloseNow.of(socket);
      return;
    }
    if (strangers.size() >= STRANGERS_MAX) {
      strangers.iterator().next().socket.close(); // who is one of us has long answered
    }
    Member member = new Member(socket);
    strangers.add(member);
    vertx.setTimer(STRANGER_MILLIS, late -> member.closeStranger());
    member.socket.send(new Frame.Challenge(Frame.FORM, member.nonce));
  }

  /**
   * Who has an address, and can call clients from it.
   *
   * @return null if no member says so
   */
  public @Nullable Caller having(InetAddress address) {
    return having.get(address);
  }

  /** Instances that are connected; from any thread. */
  public int members() {
    return memberCount;
  }

  /**
   * Stops.
   *
   * @return completes when nobody is connected any more
   */
  public Future<Void> close() {
    List.copyOf(strangers).forEach(each -> each.socket.close());
    List.copyOf(members).forEach(each -> each.socket.close());
    return server.close();
  }

  private final class Member implements ClientCall.Caller {
    private final FrameSocket<Frame> socket;
    private final byte[] nonce = secret.nonce();
    private final Map<Integer, Promise<XdrReader>> callbacks = new HashMap<>();
    private final Set<InetAddress> addresses = new HashSet<>();
    private String name = "";
    private int nextNumber;

    Member(NetSocket connection) {
      socket = new FrameSocket<>(vertx, connection, Frame.WRITTEN, this::take, this::ended);
    }

    private void take(Frame frame) {
      if (strangers.contains(this)) {
        takeOfStranger(frame);
      } else if (frame instanceof Frame.Forwarded call) {
        call(call);
      } else if (frame instanceof Frame.Addresses now) {
        has(now.all());
      } else if (frame instanceof Frame.Answer answer) {
        answered(answer);
      } else if (frame instanceof Frame.Offered) {
        offered.run();
      } else if (!(frame instanceof Frame.Alive)) {
        throw new XdrException("a frame of the wrong side");
      }
    }

    private void takeOfStranger(Frame frame) {
      if (frame instanceof Frame.Alive) {
        return;
      }
      if (!(frame instanceof Frame.Hello hello)
          || !MemberSecret.isSame(
              hello.proof(), secret.ofMember(nonce, hello.nonce(), hello.instance()))) {
        log.warn(
            "{} wants to bring calls for locks and does not know the secret in locks.secretFile, which"
                + " all instances have in common: refused",
            socket);
        socket.close();
        return;
      }
      strangers.remove(this);
      members.add(this);
      memberCount = members.size();
      name = hello.instance();
      socket.send(
          new Frame.Welcome(secret.ofOwner(nonce, hello.nonce(), instance), instance, page));
      log.info("instance {} brings its clients' calls for locks", name);
    }

    private void closeStranger() {
      if (strangers.contains(this)) {
        socket.close();
      }
    }

    private void call(Frame.Forwarded call) {
      if (call.record().length <= RecordMarking.MARKER_BYTES) {
        throw new XdrException("a call without a word");
      }
      calls.call(
          call.caller(),
          Unpooled.wrappedBuffer(call.record()),
          reply -> socket.send(new Frame.Replied(call.number(), reply)));
    }

    private void has(List<InetAddress> all) {
      addresses.forEach(each -> having.remove(each, this));
      addresses.clear();
      addresses.addAll(all);
      all.forEach(each -> having.put(each, this));
    }

    @Override
    public Future<XdrReader> call(ClientCall call) {
      int number = nextNumber++;
      Promise<XdrReader> promise = Promise.promise();
      callbacks.put(number, promise);
      if (!socket.send(new Frame.Callback(number, call))) {
        fail(number, "instance " + name + " takes nothing");
      } else {
        long timer =
            vertx.setTimer(CALLBACK_MILLIS, late -> fail(number, "instance " + name + " is slow"));
        promise.future().onComplete(done -> vertx.cancelTimer(timer));
      }
      return promise.future();
    }

    private void answered(Frame.Answer answer) {
      if (!answer.hasResults()) {
        fail(answer.number(), new String(answer.resultsOrWhy(), StandardCharsets.UTF_8));
        return;
      }
      Promise<XdrReader> waiting = callbacks.remove(answer.number());
      if (waiting != null) {
        waiting.complete(new XdrReader().reset(Unpooled.wrappedBuffer(answer.resultsOrWhy())));
      }
    }

    private void fail(int number, String why) {
      Promise<XdrReader> waiting = callbacks.remove(number);
      if (waiting != null) {
        waiting.fail(new IOException(why));
      }
    }

    private void ended() {
      strangers.remove(this);
      if (members.remove(this)) {
        memberCount = members.size();
        log.info("instance {} brings no calls for locks any more", name);
      }
      has(List.of());
      List.copyOf(callbacks.keySet()).forEach(each -> fail(each, "instance " + name + " is gone"));
    }
  }
}
