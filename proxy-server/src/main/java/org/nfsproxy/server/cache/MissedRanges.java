package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cache.Neighbourhood.Question;
import org.nfsproxy.server.cache.Neighbourhood.Word;

/**
 * Asks other instances for what is missing here, once for all who miss the same at once. For all
 * threads.
 */
// What a neighbour brings is noted as coming, as what a client fetches is. Both are noted before
// anybody hears of the answer: whoever looks then finds one READ that fetches, and waits for it.
final class MissedRanges {
  private record Range(FileKey key, long from, long to) {}

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
   * @return what is heard, in a bounded time; null if nobody need be asked
   */
  @Nullable Future<Heard> ask(FileKey key, long offset, int count) {
    CachedFile known = cache.find(key);
    long to = known == null ? offset + count : Math.min(offset + count, known.version.size());
    if (offset >= to || known != null && isOfNoUse(known, offset, to)) {
      return null;
    }
    Range range = new Range(key, offset, to);
    Promise<Heard> heard = Promise.promise();
    Future<Heard> others = open.putIfAbsent(range, heard.future());
    if (others != null) {
      return others.map(Heard.NOTHING);
    }
    Question question =
        new Question(
            key,
            known == null ? null : known.version,
            known != null && cache.isSettled(known),
            offset,
            to);
    Brought brought = new Brought(question);
    neighbourhood
        .ask(question, brought)
        .onComplete(
            said -> {
              Heard noted = said.succeeded() ? noted(said.result(), known, brought) : Heard.NOTHING;
              open.remove(range);
              heard.complete(noted);
            });
    return heard.future();
  }

  private boolean isOfNoUse(CachedFile known, long from, long to) {
    return known.coming.isDistrusted(cache.now()) || cache.hasOrBrings(known, from, to);
  }

  private Heard noted(Word word, @Nullable CachedFile known, Brought brought) {
    Question question = brought.question;
    if (word instanceof Neighbourhood.Coming coming) {
      brought.begin(coming);
      return Heard.NOTHING;
    }
    Coming fetch = known == null ? null : cache.announce(known, question.from(), question.to());
    Neighbourhood.Grant grant = ((Neighbourhood.Fetch) word).grant();
    return new Heard(known, fetch, grant);
  }

  /** What a neighbour brings. */
  private final class Brought implements Neighbourhood.Arrival {
    final Question question;
    private volatile @Nullable CachedFile file;
    private volatile @Nullable Coming coming;

    Brought(Question question) {
      this.question = question;
    }

    /** Notes that it comes; before any of it does. */
    void begin(Neighbourhood.Coming word) {
      CachedFile of = cache.adopt(question.key(), word.version());
      if (of != null) {
        file = of;
        coming = cache.comes(of, question.from(), word.to());
      }
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
          cache.distrust(of);
        }
        of.coming.end(over);
      }
    }
  }
}
