package org.nfsproxy.server.cache.disk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done with the disk, and in which order: reads before all else, of each who asks in
 * turn, and of all else one thing at a time. Threads of its own do it.
 */
// A read is waited for by a client, a write by nobody. While all threads but one may read, writes
// go on; under reads alone they wait, until what is offered is dropped.
final class DiskWork {
  private static final Logger log = LoggerFactory.getLogger(DiskWork.class);

  private final long writeBytesMax;
  private final ReadTurns reads;
  private final Queue<DiskTask> orders = new ArrayDeque<>();
  private final Queue<Write> writes = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private long writeBytes;
  private boolean writing;
  private boolean stopped;

  private record Write(DiskTask task, long bytes) {}

  /** With such bounds, and no threads yet. */
  DiskWork(int readsMax, long writeBytesMax) {
    this.reads = new ReadTurns(readsMax);
    this.writeBytesMax = writeBytesMax;
  }

  /** Begins to do it. */
  void start(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::work, "cache-disk-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Something to read for somebody; false if too much waits already, of all or of his. */
  synchronized boolean read(Object asker, DiskTask task) {
    if (stopped || !reads.add(asker, task)) {
      return false;
    }
    notify();
    return true;
  }

  /**
   * Something to write.
   *
   * @param bytes what it holds in memory
   * @return false if too much waits already
   */
  synchronized boolean write(DiskTask task, long bytes) {
    if (stopped || writeBytes + bytes > writeBytesMax) {
      return false;
    }
    writes.add(new Write(task, bytes));
    writeBytes += bytes;
    notify();
    return true;
  }

  /** Something that must be done, before what is to be written. */
  synchronized void order(DiskTask task) {
    if (!stopped) {
      orders.add(task);
      notify();
    }
  }

  /** What waits to be written. */
  synchronized long writeBytes() {
    return writeBytes;
  }

  private void work() {
    while (waitForSome()) {
      runOne();
    }
  }

  private synchronized boolean waitForSome() {
    while (!stopped && !hasSome()) {
      try {
        wait();
      } catch (InterruptedException end) {
        return false;
      }
    }
    return !stopped;
  }

  private boolean hasSome() {
    return !reads.isEmpty() || !writing && !(orders.isEmpty() && writes.isEmpty());
  }

  /** Does the next thing; false if there is none. */
  boolean runOne() {
    DiskTask task;
    Write write = null;
    boolean isRead;
    synchronized (this) {
      task = reads.poll();
      isRead = task != null;
      if (task == null && !writing) {
        task = orders.poll();
        write = task == null ? writes.poll() : null;
        task = write == null ? task : write.task();
      }
      if (task == null) {
        return false;
      }
      writing |= !isRead;
    }
    try {
      task.run();
    } catch (RuntimeException | OutOfMemoryError bug) { // of direct memory, which others give back
      log.warn("the cache's disk: something was not done", bug);
    } finally {
      if (!isRead) {
        written(write);
      }
    }
    return true;
  }

  private synchronized void written(@Nullable Write write) {
    writing = false;
    writeBytes -= write == null ? 0 : write.bytes();
    notify();
  }

  /**
   * Drops all that is not begun, and waits for what is.
   *
   * @param millis for how long
   */
  void stop(long millis) {
    List<DiskTask> dropped;
    synchronized (this) {
      stopped = true;
      dropped = reads.takeAll();
      dropped.addAll(orders);
      writes.forEach(each -> dropped.add(each.task()));
      orders.clear();
      writes.clear();
      writeBytes = 0;
      notifyAll();
    }
    dropped.forEach(DiskTask::drop);
    long until = System.nanoTime() + millis * 1_000_000;
    for (Thread thread : threads) {
      try {
        thread.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException end) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
