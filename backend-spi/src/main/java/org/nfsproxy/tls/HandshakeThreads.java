package org.nfsproxy.tls;

import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Threads for what handshakes compute, so that no event loop does. */
// What a handshake computes takes a millisecond and more. Half as many as there are cores: a flood
// of handshakes leaves the others to those who are served.
//
// Each connection has one task here at a time, and none once its handshake has failed, as it does
// when the connection ends: what waits is bounded with the handshakes that are under way, and
// nobody waits behind those who have gone. To take a task out of the queue costs a walk along it,
// which is as long as that bound at most.
//
// Behind a handshake that has ended well there are none: TLS 1.3, which is all that is spoken,
// renegotiates nothing.
public final class HandshakeThreads implements AutoCloseable {
  private static final Runnable ENDED = () -> {};

  private final ThreadPoolExecutor pool;

  /**
   * Over threads that there are.
   *
   * @param pool is ended with this
   */
  public HandshakeThreads(ThreadPoolExecutor pool) {
    this.pool = pool;
  }

  /**
   * Starts them.
   *
   * @param name in front of their numbers
   * @return the caller's to end
   */
  public static HandshakeThreads start(String name) {
    return start(name, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  /**
   * Starts as many as are wanted.
   *
   * @param name in front of their numbers
   * @param count how many there may be
   * @return the caller's to end
   */
  public static HandshakeThreads start(String name, int count) {
    AtomicInteger number = new AtomicInteger();
    return new HandshakeThreads(
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name + "-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            }));
  }

  /**
   * Makes one end of one connection, whose handshake is computed here for as long as it is wanted.
   *
   * @param make given what executes
   */
  public SslHandler newHandler(Function<Executor, SslHandler> make) {
    Turn turn = new Turn();
    SslHandler handler = make.apply(turn);
    handler
        .handshakeFuture()
        .addListener(
            ended -> {
              if (!ended.isSuccess()) {
                turn.end();
              }
            });
    return handler;
  }

  /** One connection's place in the queue. */
  private final class Turn implements Executor, Runnable {
    private final AtomicReference<@Nullable Runnable> task = new AtomicReference<>();

    // What comes behind the end has nobody who waits for it: the connection goes.
    @Override
    public void execute(Runnable next) {
      if (task.compareAndSet(null, next)) {
        pool.execute(this);
      } else if (task.get() != ENDED) {
        throw new RejectedExecutionException("a handshake has one task at a time");
      }
    }

    @Override
    public void run() {
      Runnable next = task.get();
      if (next != null && next != ENDED && task.compareAndSet(next, null)) {
        next.run();
      }
    }

    void end() {
      Runnable last = task.getAndSet(ENDED);
      if (last != null && last != ENDED) {
        pool.remove(this);
      }
    }
  }

  /** Whether they have ended. */
  public boolean isClosed() {
    return pool.isShutdown();
  }

  /** Ends them; handshakes that are under way fail. */
  @Override
  public void close() {
    pool.shutdownNow();
  }
}
