package org.nfsproxy.concurrent;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Places of which each has one user at a time, and a bounded queue of those who wait for one. Safe
 * for several threads.
 *
 * @param <P> a place
 */
// A place is handed to whoever waits longest, outside the lock: what follows runs in the thread
// that gives it back.
public final class WaitingQueue<P> {
  private record Waiting<P>(Promise<P> turn, BooleanSupplier hasGivenUp) {}

  private final Queue<P> free;
  private final Queue<Waiting<P>> waiting = new ArrayDeque<>();
  private final int waitingMax;
  private final String who;
  private @Nullable Throwable ended;

  /**
   * With all places free.
   *
   * @param places one or more
   * @param waitingMax how many may wait
   * @param who for the message where more would, as in "4096 questions wait for a slot"
   */
  public WaitingQueue(Collection<P> places, int waitingMax, String who) {
    this.free = new ArrayDeque<>(places);
    this.waitingMax = waitingMax;
    this.who = who;
  }

  /**
   * Takes a place, now or when it is the turn.
   *
   * @param hasGivenUp whether nobody wants it any more; then it is passed over, and the future is
   *     left as it is
   * @return the place, to be given back; fails with an {@link IOException} if too many wait, or
   *     with what the queue was {@linkplain #end ended} by
   */
  public synchronized Future<P> take(BooleanSupplier hasGivenUp) {
    if (ended != null) {
      return Future.failedFuture(ended);
    }
    P place = free.poll();
    if (place != null) {
      return Future.succeededFuture(place);
    }
    if (waiting.size() >= waitingMax) {
      return Future.failedFuture(new IOException(waitingMax + " " + who));
    }
    Waiting<P> last = new Waiting<>(Promise.promise(), hasGivenUp);
    waiting.add(last);
    return last.turn.future();
  }

  /**
   * Gives a place back.
   *
   * @param place that was taken
   */
  public void giveBack(P place) {
    Waiting<P> next;
    synchronized (this) {
      do {
        next = waiting.poll();
      } while (next != null && next.hasGivenUp.getAsBoolean());
      if (next == null) {
        free.add(place);
        return;
      }
    }
    next.turn.complete(place);
  }

  /**
   * Lets nobody in any more, and those that wait go.
   *
   * @param why what they fail with
   */
  public void end(Throwable why) {
    List<Waiting<P>> all;
    synchronized (this) {
      ended = why;
      all = new ArrayList<>(waiting);
      waiting.clear();
    }
    all.forEach(each -> each.turn.fail(why));
  }
}
