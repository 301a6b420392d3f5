package org.nfsproxy.server.cache;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.OwnRead;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.nfs.walk.AttributeWalk;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrException;

/**
 * READs of the proxy's own, whose data are kept by the same proof as those of clients. Futures
 * complete in a turn of their own.
 */
// The file's attributes come behind the data of the same reply, so nothing of ReadCache's proof is
// another than for a client's READ. Data that are not proven, or cannot be what the origin says
// they are, are told and not kept. What the rules keep nothing of is not read.
final class OwnReads {
  /** What one of them told, and how many bytes came with it. */
  record Told(CachedFile file, int length) {}

  private final ReadCache cache;
  private final ReadOrigin origin;
  private final KeptFiles kept;
  private final Turns turns;

  OwnReads(ReadCache cache, ReadOrigin origin, KeptFiles kept, Turns turns) {
    this.cache = cache;
    this.origin = origin;
    this.kept = kept;
    this.turns = turns;
  }

  /** Which version a file is, by a READ of one byte: the origin says no to who may not read it. */
  Future<CachedFile> look(FileKey key, CallCredential as) {
    long sentNanos = cache.now();
    return inTurn(read(key, as, 0, 1), answer -> told(key, answer, sentNanos));
  }

  /** Reads a range, and keeps what has come of it. */
  Future<Told> fetch(FileKey key, CallCredential as, long offset, int count) {
    long sentNanos = cache.now();
    return inTurn(read(key, as, offset, count), answer -> keep(key, answer, offset, sentNanos));
  }

  // Asked before each of them, as before each of a client's: rules may have changed.
  private Future<OwnRead> read(FileKey key, CallCredential as, long offset, int count) {
    return kept.keeps(key)
        .compose(
            isKept ->
                isKept
                    ? origin.read(key.handle(), key.nfsVersion(), as, offset, count)
                    : Future.failedFuture(new NotKeptException()));
  }

  private Told keep(FileKey key, OwnRead answer, long offset, long sentNanos) {
    CachedFile told = told(key, answer, sentNanos);
    int length = answer.dataLength();
    cache.counts.aheadBytes.add(length);
    if (offset + length <= told.version.size()) {
      cache.keep(told, offset, answer.reply(), answer.dataAt(), length, sentNanos);
    }
    return new Told(told, length);
  }

  private CachedFile told(FileKey key, OwnRead answer, long sentNanos) {
    FileVersion version = answer.attributesAt() < 0 ? null : version(key, answer);
    if (version == null) {
      throw new XdrException("the origin does not tell the file's attributes with its data");
    }
    return cache.seen(key, version, sentNanos);
  }

  private static @Nullable FileVersion version(FileKey key, OwnRead answer) {
    if (key.nfsVersion() == 3) {
      return FileVersion.ofNfs3(answer.reply(), answer.attributesAt());
    }
    AttributeWalk walk = new AttributeWalk();
    int end = answer.reply().writerIndex();
    return walk.walk(answer.reply(), answer.attributesAt(), end) == AttributeWalk.Form.WHOLE
        ? FileVersion.ofNfs4(answer.reply(), walk)
        : null;
  }

  private <T> Future<T> inTurn(Future<OwnRead> read, Function<OwnRead, T> taking) {
    Promise<T> taken = Promise.promise();
    read.onComplete(answer -> turns.run(() -> complete(taken, answer, taking)));
    return taken.future();
  }

  private static <T> void complete(
      Promise<T> taken, AsyncResult<OwnRead> answer, Function<OwnRead, T> taking) {
    if (answer.failed()) {
      taken.fail(answer.cause());
      return;
    }
    T value;
    try {
      value = taking.apply(answer.result());
    } catch (RuntimeException failed) { // garbage, and faults of ours: somebody waits for the end
      taken.fail(failed);
      return;
    }
    taken.complete(value);
  }
}
