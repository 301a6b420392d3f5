package org.nfsproxy.server.exports;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of a question in the gate's lines: one in the line of each connection that waits for
 * the answer, and the first that is reached counts. One question at a time; when it is asked again,
 * the same turn serves.
 */
// All but the constructors under the gate's lock, except for giveUp.
final class Turn {
  private final List<Asker> askers = new ArrayList<>(1);
  private volatile boolean isGivenUp;
  private @Nullable Promise<Void> begins;

  /** Who pays for it while it is under way; null before. */
  Gate.@Nullable Client client;

  Turn(Asker asker) {
    askers.add(asker);
  }

  List<Asker> askers() {
    return askers;
  }

  /** Whether nobody waits for the answer any more. */
  boolean isForNobody() {
    return isGivenUp || askers.stream().allMatch(Asker::hasLeft);
  }

  boolean isGivenUp() {
    return isGivenUp;
  }

  /** Says that the answer would come too late for everybody. */
  void giveUp() {
    isGivenUp = true;
  }

  void add(Asker asker) {
    // Of those that have left none is missed: a question that many ask one after the other, each
    // leaving, must not grow.
    askers.removeIf(Asker::hasLeft);
    if (!askers.contains(asker)) {
      askers.add(asker);
    }
  }

  void waits(Promise<Void> begins) {
    this.begins = begins;
  }

  boolean isWaiting() {
    return begins != null;
  }

  /** Ends the waiting; null if it has ended, for it may have been met in several lines. */
  @Nullable Promise<Void> take() {
    Promise<Void> taken = begins;
    begins = null;
    return taken;
  }
}
