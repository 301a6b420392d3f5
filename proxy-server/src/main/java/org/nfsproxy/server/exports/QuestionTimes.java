package org.nfsproxy.server.exports;

import org.nfsproxy.server.metrics.LatencyHistogram;

/** How many questions the origin was asked, and how long they waited and took. For any thread. */
// Under a lock, since any thread asks; a question takes a round trip to the origin, beside which
// nobody notices.
public final class QuestionTimes {
  private final LatencyHistogram waits = LatencyHistogram.fine();
  private final LatencyHistogram answers = LatencyHistogram.fine();
  private long entered;
  private long begun;
  private long left;
  private long ended;
  private long failed;

  /**
   * What was counted so far.
   *
   * @param waiting questions whose turn has not come
   * @param underWay questions that the origin has not answered
   * @param asked questions that were sent
   * @param left those for which nobody waited any more when their turn came
   * @param failed those that the origin said no to, or nothing
   * @param waits how long they waited for their turn
   * @param answers how long the answers took
   */
  public record Counted(
      long waiting,
      long underWay,
      long asked,
      long left,
      long failed,
      LatencyHistogram.Sum waits,
      LatencyHistogram.Sum answers) {}

  synchronized void entered() {
    entered++;
  }

  synchronized void left() {
    left++;
  }

  synchronized void begun(long waitedNanos) {
    begun++;
    waits.record(waitedNanos);
  }

  synchronized void ended(long tookNanos, boolean isFailed) {
    ended++;
    failed += isFailed ? 1 : 0;
    answers.record(tookNanos);
  }

  /** What was counted so far. */
  public synchronized Counted counted() {
    LatencyHistogram.Sum waited = LatencyHistogram.Sum.ofFine();
    waited.add(waits);
    LatencyHistogram.Sum answered = LatencyHistogram.Sum.ofFine();
    answered.add(answers);
    return new Counted(
        entered - begun - left, begun - ended, begun, left, failed, waited, answered);
  }
}
