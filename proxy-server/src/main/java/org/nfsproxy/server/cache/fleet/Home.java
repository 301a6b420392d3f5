package org.nfsproxy.server.cache.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Neighbourhood.Question;
import org.nfsproxy.server.cache.Shelf;
import org.nfsproxy.server.cache.Source.Wanted;

/**
 * What an instance answers as the home of stretches of files: to others, and to its own clients.
 * Used on one event loop, which tells it the time.
 */
// Each question has one word at once: it is here, somebody fetches it, or: fetch it yourself. Of
// those who ask for the same at once one is told to fetch, and the others wait for what it puts.
// Nothing is decided here about what a client gets: the origin's reply to each does that.
final class Home {
  /** Somebody who asks. */
  interface Asker {
    /** Which instance it is: the same object for all its questions. */
    Object member();

    /** Says that bytes will come, or are here. What follows is `bring` or `none`, once. */
    void coming(FileVersion version, long to, boolean isHere);

    /** Says that the origin is to be asked, for others too or not. Nothing follows. */
    void fetch(boolean isGranted);

    /** All of a range is here: it is to be sent, as far as it still is. */
    void bring(FileVersion version, long from, long to);

    /** What was hoped for does not come. */
    void none();
  }

  /**
   * Somebody who waits.
   *
   * @param isOnShelf whether for what comes by itself, not for what somebody fetches
   */
  private record Waiting(
      Asker asker, FileVersion version, long from, long to, long untilNanos, boolean isOnShelf) {}

  private final Shelf shelf;
  private final long waitNanos;
  private final int perMemberMax;
  private final LongSupplier nanos;
  private final Consumer<Runnable> loop;
  private final Fetching fetching;
  private final Map<FileKey, List<Waiting>> waiting = new HashMap<>();
  private final Map<Object, Integer> counts = new HashMap<>();

  /**
   * A home where nobody waits.
   *
   * @param nanos this machine's clock, as {@link System#nanoTime}
   * @param loop does things on the event loop, later
   */
  Home(Shelf shelf, NeighbourBounds bounds, LongSupplier nanos, Consumer<Runnable> loop) {
    this.shelf = shelf;
    this.waitNanos = bounds.waitNanos();
    this.perMemberMax = bounds.asksMax();
    this.nanos = nanos;
    this.loop = loop;
    this.fetching = new Fetching(bounds.asksMax(), bounds.waitNanos());
  }

  /** Answers a question. */
  void ask(Question question, Asker asker) {
    if (!isHere(question, asker) && !isFetched(question, asker)) {
      asker.fetch(isGranted(question, asker));
    }
  }

  // Where memory has it, or a disk, or a client of this instance is fetching it.

  private boolean isHere(Question question, Asker asker) {
    FileVersion held = shelf.version(question.key());
    if (held == null || !mayBeOf(held, question)) {
      return false;
    }
    long to = Math.min(question.to(), held.size());
    if (to <= question.from()) {
      return false;
    }
    if (isHere(question.key(), held, question.from(), to)) {
      asker.coming(held, to, true);
      asker.bring(held, question.from(), to);
      return true;
    }
    return awaits(question.key(), new Waiting(asker, held, question.from(), to, until(), true));
  }

  private boolean awaits(FileKey key, Waiting one) {
    Object member = one.asker.member();
    Wanted wanted = new Wanted(member, key, one.version, one.from, one.to);
    if (counts.getOrDefault(member, 0) >= perMemberMax
        || !shelf.awaits(wanted, () -> loop.accept(() -> onShelf(key, one)))) {
      return false;
    }
    add(key, one);
    return true;
  }

  private void onShelf(FileKey key, Waiting one) {
    end(key, each -> each == one ? hereOrNot(key, each) : End.NOT);
  }

  private End hereOrNot(FileKey key, Waiting each) {
    return isHere(key, each.version, each.from, each.to) ? End.HERE : End.NONE;
  }

  private long until() {
    return nanos.getAsLong() + waitNanos;
  }

  private void add(FileKey key, Waiting one) {
    waiting.computeIfAbsent(key, first -> new ArrayList<>(1)).add(one);
    counts.merge(one.asker.member(), 1, Integer::sum);
    one.asker.coming(one.version, one.to, false);
  }

  private boolean isHere(FileKey key, FileVersion version, long from, long to) {
    return shelf.until(key, version, from, to) >= to;
  }

  private boolean isFetched(Question question, Asker asker) {
    FileKey key = question.key();
    FileVersion version = fetching.version(key);
    if (version == null || !mayBeOf(version, question)) {
      return false;
    }
    long to = Math.min(question.to(), version.size());
    if (to <= question.from() || !isHoped(key, version, question.from(), to)) {
      return false;
    }
    if (counts.getOrDefault(asker.member(), 0) >= perMemberMax) {
      asker.fetch(false);
      return true;
    }
    add(key, new Waiting(asker, version, question.from(), to, until(), false));
    return true;
  }

  /** Whether each byte of a range is here or fetched by somebody. */
  private boolean isHoped(FileKey key, FileVersion version, long from, long to) {
    long at = from;
    while (at < to) {
      long here = shelf.until(key, version, at, to);
      long next = Math.max(here, fetching.until(key, version, here));
      if (next <= at) {
        return false;
      }
      at = next;
    }
    return true;
  }

  private boolean isGranted(Question question, Asker asker) {
    FileVersion known = question.known();
    if (known == null || !question.mayPut()) {
      return false;
    }
    long to = Math.min(question.to(), known.size());
    return to > question.from()
        && fetching.begin(
            asker.member(), question.key(), known, question.from(), to, nanos.getAsLong());
  }

  // A version that seems older than what the origin has just told who asks is of no use there.
  private static boolean mayBeOf(FileVersion version, Question question) {
    FileVersion known = question.known();
    return known == null || !version.seemsOlderThan(known);
  }

  /** Says that bytes of a version have been put on the shelf. */
  void arrived(FileKey key, FileVersion version, long from, long to) {
    fetching.arrived(key, version, from, to);
    look(key);
  }

  /** Says that an instance brings nothing of a range. */
  void givenUp(Object member, FileKey key, long from, long to) {
    fetching.givenUp(member, key, from, to);
    look(key);
  }

  /** Says that an instance is gone. */
  void left(Object member) {
    Set<FileKey> concerned = fetching.left(member);
    for (FileKey key : List.copyOf(waiting.keySet())) {
      end(key, each -> each.asker.member() == member ? End.SILENT : End.NOT);
    }
    concerned.forEach(this::look);
  }

  /** Ends what has lasted too long. Called some times a second. */
  void tick() {
    long now = nanos.getAsLong();
    Set<FileKey> concerned = new HashSet<>(fetching.expire(now));
    concerned.addAll(waiting.keySet());
    for (FileKey key : concerned) {
      end(key, each -> now - each.untilNanos >= 0 ? End.NONE : End.NOT);
      look(key);
    }
  }

  /** How it is with one who waits. */
  private enum End {
    NOT,
    SILENT,
    NONE,
    HERE
  }

  private interface Look {
    End at(Waiting each);
  }

  private void look(FileKey key) {
    end(
        key,
        each -> {
          End now = hereOrNot(key, each);
          boolean isHoped = each.isOnShelf || isHoped(key, each.version, each.from, each.to);
          return now == End.NONE && isHoped ? End.NOT : now;
        });
  }

  // Those who are told may ask again at once, so all is noted first.
  private void end(FileKey key, Look look) {
    List<Waiting> ofFile = waiting.get(key);
    if (ofFile == null) {
      return;
    }
    List<Runnable> told = new ArrayList<>();
    ofFile.removeIf(
        each -> {
          End end = look.at(each);
          if (end == End.NOT) {
            return false;
          }
          counts.computeIfPresent(each.asker.member(), (same, count) -> lessOne(count));
          if (end == End.HERE) {
            told.add(() -> each.asker.bring(each.version, each.from, each.to));
          } else if (end == End.NONE) {
            told.add(each.asker::none);
          }
          return true;
        });
    if (ofFile.isEmpty()) {
      waiting.remove(key);
    }
    told.forEach(Runnable::run);
  }

  private static @Nullable Integer lessOne(int count) {
    return count == 1 ? null : count - 1;
  }

  /** Ranges that are fetched for others. */
  int fetching() {
    return fetching.size();
  }

  /** Questions that wait for them. */
  int waiting() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
