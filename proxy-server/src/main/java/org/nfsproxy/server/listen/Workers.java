package org.nfsproxy.server.listen;

import java.util.ArrayList;
import java.util.List;

/** The threads that judge. Each event loop has one of them for its own. */
// A loop's calls go to one thread: its caches stay warm, nothing is contended, and work that it
// hands itself runs after what it has begun. More threads than loops would have nothing to do, and
// fewer are shared.
final class Workers implements AutoCloseable {
  private final List<Worker> all = new ArrayList<>();
  private int next;

  Workers(int count) {
    for (int i = 0; i < count; i++) {
      Worker worker = new Worker("judge-" + i);
      all.add(worker);
      worker.start();
    }
  }

  /** The worker of one more event loop: in turn, where there are more loops than workers. */
  synchronized Worker next() {
    return all.get(next++ % all.size());
  }

  /** Ends the threads when they have done what they were given. */
  @Override
  public void close() {
    all.forEach(Worker::close);
  }
}
