package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.nfsproxy.server.member.MemberSecret;

/** Begins a term of this instance as the owner of all locks. Used on one event loop. */
// It is said before what others have written is read: see SharedTerm.
final class TermStart {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What was found, and the term that has begun. */
  record Begun(SharedTerm term, Inherited inherited, Inherited.Found found, long lastSequence) {}

  private TermStart() {}

  /**
   * Begins one.
   *
   * @param held what the journal says; then what all know
   * @param superseded told when another instance has begun one
   * @param isEnded whether it is not wanted any more: the others may be waited for long
   */
  static Future<Begun> begin(
      Vertx vertx,
      LockInstances instances,
      HeldLocks held,
      Runnable superseded,
      BooleanSupplier isEnded) {
    SharedRecords records = instances.records();
    MemberSecret secret = new MemberSecret("locks", instances.secret());
    return OnLoop.of(vertx, records.ready().compose(there -> records.read(SharedForm.TERM)))
        .compose(
            now -> {
              if (isEnded.getAsBoolean()) {
                return Future.failedFuture(new UpstreamLocks.ClosedException());
              }
              TermRecord before = SharedTerm.read(secret, now);
              long number = 1 + Math.max(before.id().number(), held.ofTerm().number());
              TermRecord mine =
                  new TermRecord(
                      new TermId(number, RANDOM.nextLong()),
                      records.self(),
                      instances.name(),
                      before.seen());
              byte[] bytes = secret.sealed(SharedForm.TERM, mine.bytes());
              return OnLoop.of(
                      vertx,
                      records
                          .write(Map.of(SharedForm.TERM, bytes))
                          .compose(written -> records.readAll())
                          .compose(all -> read(vertx, instances, all, before)))
                  .map(
                      inherited ->
                          begun(vertx, records, secret, mine, inherited, held, superseded));
            });
  }

  /** Reads the records, on another thread: there may be very many. */
  static Future<Inherited> read(
      Vertx vertx, LockInstances instances, Map<String, byte[]> all, TermRecord now) {
    return vertx.executeBlocking(
        () -> Inherited.of(all, new MemberSecret("locks", instances.secret()), now), false);
  }

  private static Begun begun(
      Vertx vertx,
      SharedRecords records,
      MemberSecret secret,
      TermRecord mine,
      Inherited inherited,
      HeldLocks held,
      Runnable superseded) {
    long last = inherited.lastSequence();
    for (HeldEntry entry : held.all()) {
      last = Math.max(last, entry.sequence);
    }
    Inherited.Found found = inherited.putInto(held);
    TermRecord record = mine.withSeen(inherited.now().seen());
    return new Begun(
        new SharedTerm(vertx, records, secret, record, superseded), inherited, found, last);
  }
}
