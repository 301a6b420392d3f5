package org.nfsproxy.backend.coordinated;

import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;

/** Executes the calls of one client connection. On its event loop, but for the execution itself. */
// Calls wait in a queue and leave it in tasks of a few calls each: one hop for several small calls,
// but a call that waits for a disk holds up no more than its own task. Replies leave as tasks end.
final class CoordinatedSession implements BackendSession, FlowControl {
  /** Calls accepted before the client is asked to wait. */
  static final int CALLS_MAX = 128;

  /** Calls of one task: few enough that two workers share what one read batch brings. */
  static final int TASK_CALLS_MAX = 8;

  private final Future<Engine> engine;
  private final WorkerExecutor workers;
  private final ClientSide client;
  private final ReplyStream replies;
  private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
  private int calls;
  private boolean full;
  private boolean paused;
  private boolean closed;

  CoordinatedSession(Future<Engine> engine, WorkerExecutor workers, ClientSide client) {
    this.engine = engine;
    this.workers = workers;
    this.client = client;
    this.replies = client.replies(this);
    engine.onComplete(opened -> client.eventLoop().execute(() -> begin(opened)));
  }

  @Override
  public void call(Call call, ByteBuf record) {
    replies.expect(call);
    waiting.add(record);
    calls++;
    tellWhetherFull();
  }

  /** Calls that came while the files were being opened have waited for this. */
  private void begin(AsyncResult<Engine> opened) {
    if (closed) {
      return;
    }
    if (opened.succeeded()) {
      flush();
    } else {
      client.close("there are no files to serve");
    }
  }

  @Override
  public void flush() {
    while (engine.succeeded() && !paused && !waiting.isEmpty()) {
      List<ByteBuf> task = new ArrayList<>(TASK_CALLS_MAX);
      while (task.size() < TASK_CALLS_MAX && !waiting.isEmpty()) {
        task.add(waiting.remove());
      }
      workers
          .executeBlocking(() -> answer(task), false)
          .onComplete(
              answered ->
                  client
                      .eventLoop()
                      .execute(() -> finish(task.size(), Optional.ofNullable(answered.result()))));
    }
  }

  /**
   * The replies, one behind the other; a message that cannot be answered leaves its place empty.
   */
  private List<Optional<ByteBuf>> answer(List<ByteBuf> task) {
    List<Optional<ByteBuf>> answers = new ArrayList<>(task.size());
    for (ByteBuf record : task) {
      try {
        answers.add(
            engine.result().answer(record, record.readerIndex() + RecordMarking.MARKER_BYTES));
      } finally {
        record.release();
      }
    }
    return answers;
  }

  private void finish(int finished, Optional<List<Optional<ByteBuf>>> answers) {
    calls -= finished;
    if (closed) {
      answers.ifPresent(all -> all.forEach(reply -> reply.ifPresent(ByteBuf::release)));
      return;
    }
    boolean unanswerable = answers.isEmpty();
    for (Optional<ByteBuf> reply : answers.orElse(List.of())) {
      reply.ifPresent(replies::write);
      unanswerable |= reply.isEmpty();
    }
    replies.flush();
    tellWhetherFull();
    if (unanswerable) {
      client.close("sent a message that is no RPC call");
    }
  }

  private void tellWhetherFull() {
    boolean now = calls >= CALLS_MAX;
    if (now != full) {
      full = now;
      client.callsFull(now);
    }
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    flush();
  }

  /** No program here calls clients back: what comes is no reply to anything. */
  @Override
  public void callbackReply(ReplyStream stream, ByteBuf record) {
    record.release();
  }

  @Override
  public void close() {
    closed = true;
    waiting.forEach(ByteBuf::release);
    waiting.clear();
    replies.end();
  }
}
