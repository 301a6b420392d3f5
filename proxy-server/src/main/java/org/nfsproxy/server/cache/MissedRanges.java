package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cache.Neighbourhood.Question;
import org.nfsproxy.server.cache.Neighbourhood.Word;

/**
 * Asks other instances for what is missing here, once for all who miss the same at once. For all
 * threads.
 */
// What a neighbour brings is noted as coming, as what a client fetches is. Both are noted before
// anybody hears of the answer: whoever looks then finds one READ that fetches, and waits for it.
//
// Asked for are whole units, since nothing else is kept; what a client fetches of them is what it
// reads.
final class MissedRanges {
  // Who would not be let fetch for others does not keep them from asking for themselves.
  private record Range(FileKey key, long from, long to, boolean mayPut) {}

  /** What comes to nothing within that is one fetch that was refused, or some sent at once. */
  private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Of the time that a reply may wait: what takes longer to come to nothing is late. */
  private static final int LATE_SHARE = 4;

  /** When something came to nothing; stands for the client that it was fetched for. */
  private record Moment(long number) {}

  private final ReadCache cache;
  private final Neighbourhood neighbourhood;
  private final Map<Range, Future<Heard>> open = new ConcurrentHashMap<>();

  MissedRanges(ReadCache cache, Neighbourhood neighbourhood) {
    this.cache = cache;
    this.neighbourhood = neighbourhood;
  }

  /**
   * Asks, if that is of use.
   *
   * @param asker for whom, see {@link Source.Wanted}
   * @return what is heard, in a bounded time; null if nobody need be asked
   */
  @Nullable Future<Heard> ask(Object asker, FileKey key, long offset, int count) {
    CachedFile known = cache.find(key);
    long to = known == null ? offset + count : Math.min(offset + count, known.version.size());
    if (offset >= to || known != null && isOfNoUse(asker, known, offset, to)) {
      return null;
    }
    long from = Units.last(offset);
    long end = known == null ? Units.from(to) : Math.min(Units.from(to), known.version.size());
    boolean mayPut = known != null && cache.isSettled(known) && !cache.isDistrusted(asker, known);
    Range range = new Range(key, offset, to, mayPut);
    Promise<Heard> heard = Promise.promise();
    Future<Heard> others = open.putIfAbsent(range, heard.future());
    if (others != null) {
      return others.map(Heard.NOTHING);
    }
    Question question = new Question(key, known == null ? null : known.version, mayPut, from, end);
    neighbourhood.ask(question, new Brought(question, asker, known, range, heard));
    return heard.future();
  }

  private boolean isOfNoUse(Object asker, CachedFile known, long from, long to) {
    return cache.isDistrusted(Coming.NEIGHBOURS, known)
        || cache.hasOrBrings(asker, known, from, to);
  }

  /** What a neighbour brings. */
  private final class Brought implements Neighbourhood.Arrival {
    private final Question question;
    private final Object asker;
    private final @Nullable CachedFile known;
    private final Range range;
    private final Promise<Heard> heard;
    private volatile @Nullable CachedFile file;
    private volatile @Nullable Coming coming;

    Brought(
        Question question,
        Object asker,
        @Nullable CachedFile known,
        Range range,
        Promise<Heard> heard) {
      this.question = question;
      this.asker = asker;
      this.known = known;
      this.range = range;
      this.heard = heard;
    }

    @Override
    public void said(Word word) {
      // Whatever goes wrong, those whose calls are held are told something.
      Heard noted = Heard.NOTHING;
      try {
        noted =
            word instanceof Neighbourhood.Fetch fetch
                ? fetches(fetch)
                : comes((Neighbourhood.Coming) word);
      } finally {
        open.remove(range);
        heard.complete(noted);
      }
    }

    private Heard fetches(Neighbourhood.Fetch word) {
      Coming fetch = known == null ? null : cache.announce(asker, known, range.from(), range.to());
      return new Heard(known, fetch, word.grant());
    }

    private Heard comes(Neighbourhood.Coming word) {
      CachedFile of = cache.adopt(question.key(), word.version());
      if (of != null) {
        file = of;
        coming = cache.comes(Coming.NEIGHBOURS, of, question.from(), word.to());
      }
      return Heard.NOTHING;
    }

    @Override
    public void arrived(FileVersion version, long offset, ByteBuf bytes) {
      CachedFile of = file;
      if (of != null && of.version.equals(version)) {
        cache.keepBrought(of, offset, bytes);
      }
    }

    @Override
    public void ended() {
      CachedFile of = file;
      Coming over = coming;
      if (of != null && over != null) {
        if (of.covering(over.from, over.to) == null) {
          cache.distrust(whoeverFetched(over), of);
        }
        of.coming.end(over);
      }
    }

    // Which client was refused only its instance knows, and that does not let it fetch for others
    // any more. Others that are refused, at other moments, are as many clients. What is late costs
    // more, and may be late for all.
    private Object whoeverFetched(Coming over) {
      long now = cache.now();
      long waitNanos = cache.bounds().waitNanos();
      boolean isLate = now - (over.untilNanos - waitNanos) >= waitNanos / LATE_SHARE;
      return isLate ? Coming.NEIGHBOURS : new Moment(now / MOMENT_NANOS);
    }
  }
}
