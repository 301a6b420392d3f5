package org.nfsproxy.server.cache;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.DirectoryPage;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;

/**
 * Reads files as a whole, once, so that their data are here before a client asks. All in turns of
 * one thread, but for {@link #progress} and {@link #stop}.
 */
//   pending ─► found ─► directory: its entries are pending
//                 └───► file ─► READ of a byte ─► has its version settled? ─► reading ─► done
//                                                 └─► waits, and takes nobody's place
//
// A version that has not settled is told first, and read when it has. So what is done is here, and
// what is not is among those that failed, each with its cause.
//
// It never pushes out what it has just read: each file's room is set aside before its first byte.
final class WarmRun {
  /** Files and directories that are looked at together: what a long line needs for small ones. */
  private static final int OPEN_MAX = 16;

  /** Files whose version has been told, and has to settle. */
  private static final int SETTLING_MAX = 4096;

  /** What is deeper in what was named is left out. */
  private static final int DEPTH_MAX = 64;

  private static final long AGAIN_MILLIS = 1000;

  private static final String FULL =
      "memory, and the disk if there is one, is full of data that are read more often or are on their"
          + " way to clients";

  private final ReadCache cache;
  private final Holdings holdings;
  private final OwnReads reads;
  private final ReadOrigin origin;
  private final WarmNames names;
  private final CallCredential as;
  private final KeptFiles kept;
  private final Turns turns;
  private final WarmBounds bounds;
  private final LongSupplier millis;
  private final WarmTally tally;

  private final Deque<WarmItem> pending = new ArrayDeque<>();
  private final Deque<WarmFile> settled = new ArrayDeque<>();
  private final Deque<WarmFile> reading = new ArrayDeque<>();
  private final List<CachedFile> done = new ArrayList<>();
  private long roomBytes;
  private long inFlightBytes;
  private int taken;
  private int open;
  private int settling;
  private @Nullable String end;
  private boolean hasEnded;

  /**
   * A run that has not begun.
   *
   * @param millis the time of day
   */
  WarmRun(
      Holdings holdings,
      OwnReads reads,
      ReadOrigin origin,
      WarmNames names,
      CallCredential as,
      KeptFiles kept,
      Turns turns,
      WarmBounds bounds,
      LongSupplier millis,
      List<Integer> nfsVersions) {
    this.cache = holdings.cache();
    this.holdings = holdings;
    this.reads = reads;
    this.origin = origin;
    this.names = names;
    this.as = as;
    this.kept = kept;
    this.turns = turns;
    this.bounds = bounds;
    this.millis = millis;
    this.tally = new WarmTally(millis.getAsLong(), nfsVersions);
    this.roomBytes = holdings.roomBytes();
  }

  WarmProgress progress() {
    return tally.now();
  }

  /** Begins with these, in their order. */
  void begin(List<WarmItem> items) {
    turns.run(
        () -> {
          items.forEach(this::add);
          goOn();
        });
  }

  /** Ends it before all is read. */
  void stop(String why) {
    turns.run(
        () -> {
          end(why);
          goOn();
        });
  }

  private void end(String why) {
    if (end == null) {
      end = why;
    }
  }

  private void add(WarmItem item) {
    if (count()) {
      pending.add(item);
    }
  }

  // What is passed over counts too, and each page of a directory, so that a list without an end
  // ends here.
  private boolean count() {
    if (++taken > bounds.filesMax()) {
      end("there is more than cache.warm.filesMax, %d".formatted(bounds.filesMax()));
    }
    return end == null;
  }

  private void goOn() {
    while (end == null && open < OPEN_MAX && (!settled.isEmpty() || mayLookAtNext())) {
      open++;
      WarmFile ready = settled.poll();
      if (ready == null) {
        lookAt(pending.remove());
      } else {
        reading.add(ready);
      }
    }
    send();
    tally.stands(open + settling + settled.size(), pending.size());
    boolean isAllDone = pending.isEmpty() && settled.isEmpty() && settling == 0;
    if (!hasEnded && open == 0 && (end != null || isAllDone)) {
      hasEnded = true;
      tally.ended(millis.getAsLong(), end, done.stream().mapToLong(holdings::bytesHere).sum());
      done.clear();
    }
  }

  private boolean mayLookAtNext() {
    return !pending.isEmpty() && settling + settled.size() < SETTLING_MAX;
  }

  private <T> void inTurn(Future<T> asked, WarmItem item, Consumer<T> then) {
    asked.onComplete(
        answer ->
            turns.run(
                () -> {
                  if (answer.succeeded()) {
                    then.accept(answer.result());
                  } else {
                    failed(item, answer.cause());
                  }
                  goOn();
                }));
  }

  private void failed(WarmItem item, Throwable cause) {
    close(item, WarmCause.of(cause));
    if (WarmCause.isOfConnection(cause)) {
      end("the origin does not answer: " + WarmCause.of(cause));
    }
  }

  private void close(WarmItem item, String cause) {
    open--;
    tally.failed(item, cause);
  }

  private void lookAt(WarmItem item) {
    Future<Found> found =
        item.found() == null
            ? names.find(item.path(), item.nfsVersion())
            : Future.succeededFuture(item.found());
    inTurn(found, item, what -> found(item, what));
  }

  private void found(WarmItem item, Found found) {
    int type = found.identity().type();
    if (type == ObjectIdentity.REGULAR) {
      look(new WarmFile(item, found, holdings));
    } else if (type == ObjectIdentity.DIRECTORY && item.depth() < DEPTH_MAX) {
      listIfKept(item, found);
    } else {
      close(item, whyNot(type));
    }
  }

  // What is below it is in its filesystem, so where that is off there is nothing to look for.
  private void listIfKept(WarmItem directory, Found found) {
    inTurn(
        kept.keeps(new FileKey(found.handle(), directory.nfsVersion())),
        directory,
        isKept -> {
          if (isKept) {
            list(directory, found, DirectoryPage.BEFORE);
          } else {
            failed(directory, new NotKeptException());
          }
        });
  }

  private static String whyNot(int type) {
    return switch (type) {
      case ObjectIdentity.DIRECTORY -> "it is more than %d directories deep".formatted(DEPTH_MAX);
      case ObjectIdentity.LINK ->
          "it is a symbolic link, which is not followed: name what it is to";
      default -> "it is neither a regular file nor a directory";
    };
  }

  private void list(WarmItem directory, Found found, DirectoryPage behind) {
    inTurn(
        origin.list(found.handle(), directory.nfsVersion(), as, behind),
        directory,
        page -> {
          page.entries().forEach(entry -> entry(directory, found, entry));
          count();
          if (page.isLast() || end != null) {
            open--;
          } else {
            list(directory, found, page);
          }
        });
  }

  private void entry(WarmItem directory, Found above, DirectoryPage.Entry entry) {
    if (end != null) {
      return;
    }
    ObjectIdentity identity = entry.identity();
    Filehandle handle = entry.handle();
    if (identity == null || handle == null || !isOfInterest(above.identity(), identity)) {
      tally.skipped();
      count();
      return;
    }
    String path = PathName.below(directory.path(), PathName.text(entry.name()));
    Found found = new Found(handle, identity);
    add(new WarmItem(path, directory.nfsVersion(), found, directory.depth() + 1));
  }

  // What is mounted there is not entered, as by find -xdev: who wants it names it.
  private static boolean isOfInterest(ObjectIdentity above, ObjectIdentity below) {
    return Filesystem.of(above).equals(Filesystem.of(below))
        && (below.type() == ObjectIdentity.REGULAR || below.type() == ObjectIdentity.DIRECTORY);
  }

  private record Filesystem(long major, long minor) {
    static Filesystem of(ObjectIdentity identity) {
      return new Filesystem(identity.fsidMajor(), identity.fsidMinor());
    }
  }

  private void look(WarmFile file) {
    reads
        .look(file.key, as)
        .onSuccess(told -> looked(file, told))
        .onFailure(cause -> notLooked(file, cause))
        .onComplete(looked -> goOn());
  }

  private void notLooked(WarmFile file, Throwable cause) {
    if (WarmCause.isForNow(cause) && file.mayAskAgain() && end == null) {
      turns.later(AGAIN_MILLIS, () -> look(file));
    } else {
      failed(file.item, cause);
    }
  }

  private void looked(WarmFile file, CachedFile told) {
    String why = refuses(file, told.version);
    if (why != null) {
      giveRoomBack(file);
      close(file.item, why);
      return;
    }
    file.begin(told);
    long waitMillis = TimeUnit.NANOSECONDS.toMillis(cache.settlesIn(told) + 999_999);
    if (waitMillis <= 0) {
      reading.add(file);
      return;
    }
    open--;
    settling++;
    turns.later(waitMillis, () -> hasSettled(file));
  }

  private void hasSettled(WarmFile file) {
    settling--;
    settled.add(file);
    goOn();
  }

  private @Nullable String refuses(WarmFile file, FileVersion version) {
    if (!file.isOf(version)) {
      return "the origin answers about another file";
    }
    giveRoomBack(file);
    long needs = version.size() < 0 ? -1 : holdings.needsBytes(version.size());
    if (needs < 0 || needs > roomBytes) {
      return "its %s bytes are more than %s has room for beside the others"
          .formatted(
              Long.toUnsignedString(version.size()),
              holdings.isDeep() ? "cache.diskBytesMax" : "cache.memoryBytesMax");
    }
    file.reservedBytes = needs;
    roomBytes -= needs;
    return null;
  }

  private void giveRoomBack(WarmFile file) {
    roomBytes += file.reservedBytes;
    file.reservedBytes = 0;
  }

  // One part of each in turn, so that a long file does not keep short ones waiting.
  private void send() {
    while (inFlightBytes < bounds.bytesInFlightMax() && !reading.isEmpty()) {
      WarmFile file = reading.remove();
      WarmFile.Range range = end == null ? file.next() : null;
      if (range == null) {
        leaveIfIdle(file);
      } else {
        reading.add(file);
        fetch(file, range);
      }
    }
  }

  private void fetch(WarmFile file, WarmFile.Range range) {
    inFlightBytes += range.length();
    reads
        .fetch(file.key, as, range.from(), range.length())
        .onComplete(
            answer -> {
              inFlightBytes -= range.length();
              if (answer.succeeded()) {
                came(file, range, answer.result());
              } else {
                notCome(file, range, answer.cause());
              }
              goOn();
            });
  }

  private void came(WarmFile file, WarmFile.Range range, OwnReads.Told told) {
    tally.read(told.length());
    file.came(range, told);
    CachedFile version = file.file();
    long to = Units.to(range.from() + told.length(), version.version.size());
    if (told.file() == version && version.covering(Units.from(range.from()), to) == null) {
      notKept(file);
    }
    comeBack(file);
  }

  // What memory has let go by now is on its way to the disk.
  private void notKept(WarmFile file) {
    if (file.file().isGone() || cache.settlesIn(file.file()) > 0) {
      file.hasChanged();
    } else if (!holdings.isDeep()) {
      file.fail(FULL);
      end(FULL);
    }
  }

  private void notCome(WarmFile file, WarmFile.Range range, Throwable cause) {
    if (WarmCause.isForNow(cause) && file.mayAskAgain() && end == null) {
      turns.later(
          AGAIN_MILLIS,
          () -> {
            file.askAgain(range);
            comeBack(file);
            goOn();
          });
      return;
    }
    file.lost(WarmCause.of(cause));
    if (WarmCause.isOfConnection(cause)) {
      end("the origin does not answer: " + WarmCause.of(cause));
    }
    comeBack(file);
  }

  /** Has a file looked at again that may have parts to send, or none any more. */
  private void comeBack(WarmFile file) {
    if (!reading.contains(file)) {
      reading.add(file);
    }
  }

  private void leaveIfIdle(WarmFile file) {
    if (file.isUnderWay()) {
      return; // it comes back with the next part
    }
    boolean beginsAnew = end == null && file.beginsAnew();
    if (file.failure() != null) {
      giveRoomBack(file);
      close(file.item, file.failure());
    } else if (beginsAnew) {
      look(file);
    } else if (end == null) {
      leaveDone(file);
    } else {
      open--;
    }
  }

  private void leaveDone(WarmFile file) {
    long size = file.file().version.size();
    boolean isHere = holdings.bytesHere(file.file()) == size;
    if (!isHere && holdings.isDeep() && file.looksAgain()) {
      turns.later(AGAIN_MILLIS, () -> lookForRest(file));
      return;
    }
    open--;
    if (!isHere) {
      tally.failed(file.item, FULL);
      end(FULL);
      return;
    }
    tally.done(size);
    done.add(file.file());
  }

  /** Reads what the disk has not written, because too much waited for it. */
  private void lookForRest(WarmFile file) {
    file.begin(file.file());
    comeBack(file);
    goOn();
  }
}
