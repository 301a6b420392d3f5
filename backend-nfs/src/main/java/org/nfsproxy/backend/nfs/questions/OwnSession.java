package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.concurrent.TimeLimit;
import org.nfsproxy.concurrent.WaitingQueue;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * The one NFSv4.1 session of the proxy itself, for questions to an origin that has no minor version
 * 0. It holds no state at the origin but itself: no opens, no locks, no callbacks. Methods may be
 * called from any thread.
 */
// Made with the first question (EXCHANGE_ID, CREATE_SESSION; RFC 8881 sections 18.35 and 18.36),
// and made anew when the origin has forgotten it, as after its restart or an idle lease: nothing is
// lost with it, so nothing is sent to keep it alive. Each time there is a new verifier, so that the
// origin takes us for restarted and drops the session before (section 18.35.4, case 5): it never
// has two.
//
//   slot   one call at a time, its sequence id one more each time (section 2.10.6.1)
//
// A reply that says nothing of SEQUENCE (time-out, lost connection) leaves a slot in doubt; the
// session is then dropped whole. A question is asked again once, on the next one.
//
// No RECLAIM_COMPLETE: it is owed before the first lock only, and makes origins write the client
// down for their next restart.
final class OwnSession {
  /**
   * What is asked of the origin, which may grant less.
   *
   * @param slots questions at once
   * @param responseBytes of the longest answer
   */
  record Room(int slots, int responseBytes) {
    /** Half of what is in flight on the connection otherwise; READDIR answers of 32 KiB. */
    static final Room QUESTIONS = new Room(16, 1 << 17);

    /** As many READs as there may be, of up to 128 KiB. */
    static final Room READS = new Room(64, 1 << 18);
  }

  /** Questions waiting for a slot: one for each connection that is allowed by default. */
  private static final int WAITING_MAX = 4096;

  /** An origin that drops each session at once is not worn down by us. */
  private static final long BETWEEN_SESSIONS_MILLIS = 1_000;

  private static final int REQUEST_BYTES = 8192;

  /** SEQUENCE, PUTFH, eight LOOKUPs, GETFH and GETATTR: see {@link PathQuestions}. */
  private static final int OPERATIONS = 16;

  /** What a Linux server asks of a back channel, which is never used, before it gives a session. */
  private static final int BACK_BYTES = 4096;

  private static final int BACK_OPERATIONS = 2;
  private static final int SESSION_ID_BYTES = 16;
  private static final int USE_NON_PNFS = 0x0001_0000;
  private static final int SP4_NONE = 0;
  private static final int AUTH_NONE = 0;

  private final Vertx vertx;
  private final QuestionConnection connection;
  private final long questionMillis;
  private final Room room;
  private final byte[] owner =
      ("nfs-proxy questions " + UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII);
  private final SecureRandom random = new SecureRandom();
  private final Object lock = new Object();
  private @Nullable Future<Session> session;
  private boolean closed;

  OwnSession(Vertx vertx, QuestionConnection connection, long questionMillis, Room room) {
    this.room = room;
    this.vertx = vertx;
    this.connection = connection;
    this.questionMillis = questionMillis;
  }

  /** Asks; completes within {@code questionMillis}, making a session included. */
  <T> Future<T> ask(Compound<T> compound) {
    Future<T> answer =
        askOnce(compound)
            .recover(
                failure ->
                    failure instanceof DroppedException dropped && !isLate(dropped.why())
                        ? askOnce(compound)
                        : fail(failure))
            .recover(failure -> fail(reason(failure)));
    return TimeLimit.within(questionMillis, answer, "no answer in " + questionMillis + " ms");
  }

  private static boolean isLate(Throwable failure) {
    return failure instanceof TimeoutException;
  }

  private static Throwable reason(Throwable failure) {
    return failure instanceof DroppedException dropped ? dropped.why() : failure;
  }

  private <T> Future<T> askOnce(Compound<T> compound) {
    Future<Session> current = current();
    return current.compose(
        made -> made.slots.take(() -> false).compose(slot -> askIn(current, made, slot, compound)));
  }

  private <T> Future<T> askIn(
      Future<Session> current, Session made, Slot slot, Compound<T> compound) {
    return connection
        .ask(compound.behind(made.minorVersion, out -> made.sequence(slot, out)))
        .recover(failure -> dropped(current, made, failure))
        .compose(
            came -> {
              if (came.refused() == 0) {
                made.used = true;
                slot.sequence++;
              } else if (came.refused() != NfsStatus.DELAY) {
                return dropped(current, made, new NfsStatusException(came.refused()));
              }
              made.slots.giveBack(slot);
              return came.answer();
            });
  }

  private <T> Future<T> dropped(Future<Session> current, Session made, Throwable why) {
    DroppedException dropped = new DroppedException(why);
    Future<Session> none = made.isUsed() ? null : Future.failedFuture(dropped);
    boolean first;
    synchronized (lock) {
      first = session == current;
      if (first) {
        session = none;
      }
    }
    if (first && none != null) {
      vertx.setTimer(BETWEEN_SESSIONS_MILLIS, again -> forget(none));
    }
    made.slots.end(dropped);
    return Future.failedFuture(dropped);
  }

  private Future<Session> current() {
    Promise<Session> making = Promise.promise();
    Future<Session> mine = making.future();
    synchronized (lock) {
      if (closed) {
        return Future.failedFuture(new IOException("questions have ended"));
      }
      if (session != null) {
        return session;
      }
      session = mine;
    }
    exchangeId(1)
        .recover(failure -> Questioner.isMismatch(failure) ? exchangeId(2) : fail(failure))
        .compose(this::createSession)
        .onSuccess(making::complete)
        .onFailure(
            failure -> {
              vertx.setTimer(BETWEEN_SESSIONS_MILLIS, again -> forget(mine));
              making.fail(failure);
            });
    return mine;
  }

  private static <T> Future<T> fail(Throwable failure) {
    return Future.failedFuture(failure);
  }

  private void forget(Future<Session> old) {
    synchronized (lock) {
      if (session == old) {
        session = null;
      }
    }
  }

  private record Client(int minorVersion, long id, int sequence) {}

  private Future<Client> exchangeId(int minorVersion) {
    long verifier = random.nextLong();
    Compound<Client> exchange =
        new Compound<>(
            1,
            out ->
                out.int32(Nfs4.EXCHANGE_ID.number())
                    .int64(verifier)
                    .opaque(owner)
                    .int32(USE_NON_PNFS)
                    .int32(SP4_NONE)
                    .int32(0),
            in -> {
              Compound.expect(in, Nfs4.EXCHANGE_ID);
              return new Client(minorVersion, in.int64(), in.int32());
            });
    return connection.ask(exchange.alone(minorVersion));
  }

  private Future<Session> createSession(Client client) {
    Compound<Session> create =
        new Compound<>(
            1,
            out -> {
              out.int32(Nfs4.CREATE_SESSION.number()).int64(client.id).int32(client.sequence);
              out.int32(0); // neither persistent nor with callbacks
              channel(out, REQUEST_BYTES, room.responseBytes, OPERATIONS, room.slots);
              channel(out, BACK_BYTES, BACK_BYTES, BACK_OPERATIONS, 1);
              out.int32(0).int32(1).int32(AUTH_NONE);
            },
            in -> {
              Compound.expect(in, Nfs4.CREATE_SESSION);
              byte[] id = in.fixed(SESSION_ID_BYTES);
              in.skip(2 * 4); // sequence, flags
              return new Session(id, client, slots(in));
            });
    return connection.ask(create.alone(client.minorVersion));
  }

  private static void channel(
      XdrWriter out, int requestBytes, int responseBytes, int operations, int requests) {
    out.int32(0).int32(requestBytes).int32(responseBytes).int32(0); // padding; sizes; none cached
    out.int32(operations).int32(requests).int32(0); // no RDMA
  }

  private int slots(XdrReader in) {
    in.skip(5 * 4);
    return Math.max(1, Math.min(room.slots, in.count(Integer.MAX_VALUE)));
  }

  /** Gives the session back, and the client id; the origin would forget them by itself. */
  Future<Void> close() {
    Future<Session> last;
    synchronized (lock) {
      closed = true;
      last = session;
      session = null;
    }
    if (last == null) {
      return Future.succeededFuture();
    }
    return last.compose(
            made ->
                connection
                    .ask(destroy(Nfs4.DESTROY_SESSION, out -> out.fixed(made.id), made))
                    .compose(
                        gone ->
                            connection.ask(
                                destroy(
                                    Nfs4.DESTROY_CLIENTID,
                                    out -> out.int64(made.client.id),
                                    made))))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private static Question<Integer> destroy(
      Nfs4 operation, Consumer<XdrWriter> whose, Session made) {
    return new Compound<>(
            1,
            out -> whose.accept(out.int32(operation.number())),
            in -> {
              Compound.expect(in, operation);
              return 0;
            })
        .alone(made.minorVersion);
  }

  /** A place for one call at a time. */
  private static final class Slot {
    final int number;
    int sequence = 1;

    Slot(int number) {
      this.number = number;
    }
  }

  private static final class Session {
    final byte[] id;
    final Client client;
    final int minorVersion;
    private final int highest;
    final WaitingQueue<Slot> slots;
    private volatile boolean used;

    Session(byte[] id, Client client, int slots) {
      this.id = id;
      this.client = client;
      this.minorVersion = client.minorVersion;
      this.highest = slots - 1;
      this.slots =
          new WaitingQueue<>(
              IntStream.range(0, slots).mapToObj(Slot::new).toList(),
              WAITING_MAX,
              "questions wait for a slot");
    }

    /** Whether any question was answered in it: then it was good, and the next will be. */
    boolean isUsed() {
      return used;
    }

    void sequence(Slot slot, XdrWriter out) {
      out.fixed(id).int32(slot.sequence).int32(slot.number).int32(highest).bool(false);
    }
  }

  /** The session ended under a question. */
  private static final class DroppedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Throwable why;

    DroppedException(Throwable why) {
      super(why);
      this.why = why;
    }

    Throwable why() {
      return why;
    }
  }
}
