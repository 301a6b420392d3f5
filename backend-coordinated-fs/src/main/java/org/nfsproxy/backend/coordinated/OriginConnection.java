package org.nfsproxy.backend.coordinated;

import io.netty.buffer.ByteBuf;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.rpc.HeapRecords;
import org.nfsproxy.xdr.XdrException;

/** One client of the embedded origin. On its event loop, but for the execution of calls. */
final class OriginConnection {
  /** Calls in flight before no more are read: 64 records of 1 MiB are the most it may hold. */
  static final int CALLS_MAX = 64;

  private final NetSocketInternal socket;
  private final Engine engine;
  private final WorkerExecutor workers;
  private int calls;
  private boolean paused;
  private boolean closed;

  OriginConnection(NetSocket socket, Engine engine, WorkerExecutor workers, Runnable whenClosed) {
    this.socket = (NetSocketInternal) socket;
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
    } catch (XdrException garbage) {
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
    workers
        .executeBlocking(() -> engine.answer(record, record.readerIndex()), false)
        .onComplete(
            answered -> {
              calls--;
              reply(answered.succeeded() ? answered.result() : Optional.empty());
              pauseOrResume();
            });
  }

  private void reply(Optional<ByteBuf> record) {
    if (closed) {
      record.ifPresent(ByteBuf::release);
    } else if (record.isPresent()) {
      socket.writeMessage(record.get());
    } else {
      socket.close();
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
