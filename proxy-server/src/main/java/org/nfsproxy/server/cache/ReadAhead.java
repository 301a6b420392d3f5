package org.nfsproxy.server.cache;

import io.vertx.core.AsyncResult;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.rpc.CallCredential;

/**
 * Reads on where a client reads one part behind the other, with that client's credential, as far as
 * he could ask himself. What is under way is announced, so that his own READ waits for it.
 */
// Only behind a READ of his that the origin has just allowed, only of the same version, and only if
// data of that version may be kept. An origin that does not allow it (a share mode, a lock, a
// delegation that it recalls first) has it rest for a while: the client's own READs are not
// touched.
public final class ReadAhead {
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ReadCache cache;
  private final OwnReads reads;
  private final Turns turns;
  private final long bytesMax;
  private final long bytesInFlightMax;
  private long bytesInFlight;

  /**
   * Nothing is read yet.
   *
   * @param bytesMax how far ahead one reader may be read for
   * @param bytesInFlightMax bytes that are asked for and have not come, for all of them
   */
  public ReadAhead(
      ReadCache cache, ReadOrigin origin, Turns turns, long bytesMax, long bytesInFlightMax) {
    this.cache = cache;
    this.reads = new OwnReads(cache, origin, KeptFiles.ALL, turns);
    this.turns = turns;
    this.bytesMax = bytesMax;
    this.bytesInFlightMax = bytesInFlightMax;
  }

  /** Notes a READ of a version; null if nothing is to be read behind it. */
  @Nullable AheadReader noted(Object asker, CachedFile file, long offset, long end) {
    long to = Math.min(file.streams().noted(offset, end, bytesMax), file.version.size());
    return to > end ? new AheadReader(this, asker, file, end, to) : null;
  }

  void begin(AheadReader reader, CallCredential as) {
    turns.run(() -> fetch(reader, as));
  }

  // Whole blocks, but for the file's last: what is behind the last whole one is read with the next.
  private void fetch(AheadReader reader, CallCredential as) {
    CachedFile file = reader.file;
    int blockBytes = Math.min(cache.bounds().blockBytes(), ReadOrigin.READ_BYTES_MAX);
    boolean isAll = reader.to == file.version.size();
    long end = isAll ? reader.to : reader.to - reader.to % blockBytes;
    long at = reader.from;
    while (at < end && !file.isGone() && !file.streamsRest(cache.now())) {
      long to = Math.min(at - at % blockBytes + blockBytes, end);
      if (!file.isHereOrComing(at, to, cache.now()) && !fetch(reader, as, at, to)) {
        return;
      }
      at = to;
    }
  }

  /** Whether it may, and does. */
  private boolean fetch(AheadReader reader, CallCredential as, long from, long to) {
    CachedFile file = reader.file;
    int length = (int) (to - from);
    Coming coming =
        bytesInFlight + length > bytesInFlightMax
            ? null
            : cache.announce(reader.asker, file, from, to);
    if (coming == null) {
      return false;
    }
    bytesInFlight += length;
    reads
        .fetch(file.key, as, from, length)
        .onComplete(
            answer -> {
              bytesInFlight -= length;
              if (!isOf(file, answer)) {
                file.restStreams(cache.now() + REST_NANOS);
                cache.distrust(reader.asker, file);
              }
              file.coming.end(coming);
            });
    return true;
  }

  private static boolean isOf(CachedFile file, AsyncResult<OwnReads.Told> answer) {
    return answer.succeeded() && answer.result().file() == file && answer.result().length() > 0;
  }
}
