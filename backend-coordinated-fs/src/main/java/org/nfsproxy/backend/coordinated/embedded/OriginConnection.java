package org.nfsproxy.backend.coordinated.embedded;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.nfsproxy.backend.coordinated.Engines;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.rpc.HeapRecords;
import org.nfsproxy.rpc.RecordException;

/** One client of the embedded origin. On its event loop, but for the execution of calls. */
final class OriginConnection {
  /** Calls in flight before no more are read: 64 records of 1 MiB are the most it may hold. */
  static final int CALLS_MAX = 64;

  private final NetSocket socket;
  private final Engine engine;
  private final WorkerExecutor workers;
  private int calls;
  private boolean paused;
  private boolean closed;

  OriginConnection(NetSocket socket, Engine engine, WorkerExecutor workers, Runnable whenClosed) {
    this.socket = socket;
    this.engine = engine;
    this.workers = workers;
    HeapRecords records = new HeapRecords(Engines.RECORD_BYTES_MAX, this::call);
    socket.handler(bytes -> receive(records, ((BufferInternal) bytes).getByteBuf()));
    socket.closeHandler(
        gone -> {
          closed = true;
          whenClosed.run();
        });
    socket.drainHandler(drained -> pauseOrResume());
    socket.exceptionHandler(broken -> socket.close());
  }

  private void receive(HeapRecords records, ByteBuf bytes) {
    try {
      records.accept(bytes);
    } catch (RecordException garbage) {
      socket.handler(more -> {});
      socket.close();
    }
  }

  private void call(ByteBuf record) {
    if (closed) {
      return; // what was still in the socket
    }
    calls++;
    pauseOrResume();
    execute(record)
        .onComplete(
            answered -> {
              calls--;
              reply(answered.succeeded() ? answered.result() : Optional.empty());
              pauseOrResume();
            });
  }

  private Future<Optional<ByteBuf>> execute(ByteBuf record) {
    try {
      return workers.executeBlocking(() -> engine.answer(record, record.readerIndex()), false);
    } catch (RejectedExecutionException closing) {
      return Future.failedFuture(closing);
    }
  }

  private void reply(Optional<ByteBuf> record) {
    if (record.isPresent()) {
      send(record.get());
    } else {
      socket.close();
    }
  }

  // A Buffer's bytes are released by whoever made it. NetSocketInternal.writeMessage would release
  // them itself, but not if the socket is closed already.
  private void send(ByteBuf record) {
    try {
      socket.write(BufferInternal.buffer(record)).onComplete(sent -> record.release());
    } catch (RuntimeException | Error fault) {
      record.release();
      throw fault;
    }
  }

  private void pauseOrResume() {
    boolean full = calls >= CALLS_MAX || socket.writeQueueFull();
    if (full != paused) {
      paused = full;
      if (full) {
        socket.pause();
      } else {
        socket.resume();
      }
    }
  }
}
