package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.xdr.XdrException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The term that this instance has, in the shared records: what may be held is written there before
 * its LOCK leaves. Used on one event loop.
 */
// Behind each write it is looked whether the term is still this one. Whoever begins another says so
// before it reads what is held: so either it reads what was written here, or here it is seen that
// the term is over, and the LOCK does not leave.
final class SharedTerm {
  private static final int AGAIN_MILLIS = 1_000;

  /** Beyond it, what is over is not removed any more: too much is harmless. */
  private static final int REMOVALS_MAX = 65_536;

  private static final Logger log = LoggerFactory.getLogger(SharedTerm.class);

  /** The other instances cannot be told now. */
  static final class AwayException extends Exception {
    private static final long serialVersionUID = 1L;

    AwayException(String message) {
      super(message, null, false, false);
    }
  }

  private final Vertx vertx;
  private final SharedRecords records;
  private final MemberSecret secret;
  private final Runnable superseded;
  private TermRecord record;
  private Map<String, byte @Nullable []> changes = new LinkedHashMap<>();
  private List<Promise<Void>> waiting = new ArrayList<>();
  private boolean isWriting;
  private boolean isAway;
  private boolean isClosed;

  /**
   * A term that was begun.
   *
   * @param superseded told when another one is in force
   */
  SharedTerm(
      Vertx vertx,
      SharedRecords records,
      MemberSecret secret,
      TermRecord record,
      Runnable superseded) {
    this.vertx = vertx;
    this.records = records;
    this.secret = secret;
    this.record = record;
    this.superseded = superseded;
  }

  TermId id() {
    return record.id();
  }

  TermRecord record() {
    return record;
  }

  void held(HeldKey key, byte[] payload) {
    put(SharedForm.held(id(), key), payload);
  }

  void dropped(HeldKey key) {
    if (changes.size() < REMOVALS_MAX) {
      changes.put(SharedForm.held(id(), key), null);
      write();
    }
  }

  void notice(byte[] payload) {
    put(SharedForm.notice(id()), payload);
  }

  private void put(String key, byte[] payload) {
    changes.put(key, secret.sealed(key, payload));
    write();
  }

  /** Says of which terms before all that is still there is known. */
  void sees(TermRecord known) {
    record = record.withSeen(known.seen());
    put(SharedForm.TERM, record.bytes());
  }

  /** Removes what others have left. */
  void forget(Set<String> keys) {
    keys.forEach(key -> changes.put(key, null));
    write();
  }

  /** Whether the others could not be told when it was tried last. */
  boolean isAway() {
    return isAway;
  }

  /**
   * Completes when all that was said so far is at another instance, and the term is still this one.
   *
   * @return fails with {@link AwayException}, or with {@link UpstreamLocks.ClosedException} if it
   *     is over
   */
  Future<Void> durable() {
    if (isClosed) {
      return Future.failedFuture(new UpstreamLocks.ClosedException());
    }
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    write();
    return promise.future();
  }

  private void write() {
    if (isWriting || isClosed || changes.isEmpty() && waiting.isEmpty()) {
      return;
    }
    isWriting = true;
    Map<String, byte @Nullable []> batch = changes;
    List<Promise<Void>> promises = waiting;
    changes = new LinkedHashMap<>();
    waiting = new ArrayList<>();
    Map<String, byte[]> puts = new HashMap<>();
    Set<String> removals = new HashSet<>();
    batch.forEach(
        (key, value) -> {
          if (value == null) {
            removals.add(key);
          } else {
            puts.put(key, value);
          }
        });
    Future<Void> put = puts.isEmpty() ? Future.succeededFuture() : records.write(puts);
    Future<Void> removed = removals.isEmpty() ? Future.succeededFuture() : records.remove(removals);
    OnLoop.of(vertx, Future.join(put, removed).compose(done -> records.read(SharedForm.TERM)))
        .onComplete(
            done -> {
              isWriting = false;
              if (done.succeeded()) {
                written(promises, done.result());
              } else {
                unwritten(batch, promises, done.cause());
              }
            });
  }

  private void written(List<Promise<Void>> promises, byte @Nullable [] term) {
    if (isAway) {
      isAway = false;
      log.info("the other instances are told again what is locked");
    }
    if (!isThisOne(term)) {
      promises.forEach(each -> each.fail(new UpstreamLocks.ClosedException()));
      if (!isClosed) {
        superseded.run();
      }
      return;
    }
    promises.forEach(Promise::complete);
    write();
  }

  // Where instances did not hear each other, the term of either side may be what is left; the
  // earlier one is over.
  private boolean isThisOne(byte @Nullable [] term) {
    TermRecord found = read(secret, term);
    if (found.id().equals(id())) {
      return !isClosed;
    }
    if (found.id().number() < id().number()) {
      put(SharedForm.TERM, record.bytes());
      return !isClosed;
    }
    return false;
  }

  /** Reads which term it is; {@link TermRecord#NONE} if nobody of us has said. */
  static TermRecord read(MemberSecret secret, byte @Nullable [] sealed) {
    byte[] bytes = sealed == null ? null : secret.opened(SharedForm.TERM, sealed);
    try {
      return bytes == null ? TermRecord.NONE : TermRecord.read(bytes);
    } catch (XdrException wrong) {
      return TermRecord.NONE;
    }
  }

  private void unwritten(
      Map<String, byte @Nullable []> batch, List<Promise<Void>> promises, Throwable why) {
    batch.forEach(changes::putIfAbsent);
    if (!isAway && !isClosed) {
      isAway = true;
      log.warn(
          "the other instances cannot be told what is locked: {}. LOCK is answered"
              + " LCK_DENIED_GRACE_PERIOD until they can; unlocks go on",
          Reason.of(why));
    }
    promises.forEach(each -> each.fail(new AwayException(Reason.of(why))));
    vertx.setTimer(AGAIN_MILLIS, timer -> write());
  }

  /** Says that this one is over, so that whoever has the address need not wait for us. */
  Future<Void> over() {
    close();
    String key = SharedForm.over(id());
    return records.write(Map.of(key, secret.sealed(key, SharedForm.ascii(id().text()))));
  }

  /** Ends it here: nothing is written any more. */
  void close() {
    isClosed = true;
    List<Promise<Void>> left = waiting;
    waiting = new ArrayList<>();
    left.forEach(each -> each.fail(new UpstreamLocks.ClosedException()));
  }
}
