package org.nfsproxy.backend.coordinated;

import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.rpc.Call;

/** Executes the calls of one client connection. On its event loop, but for the execution itself. */
// Calls wait in a queue and leave it in tasks of a few calls each: one hop for several small calls,
// but a call that waits for a disk holds up no more than its own task. Replies leave as tasks end.
//
// A call whose reply finds no room comes back unexecuted, to the front of the queue. From then on
// calls leave one by one, the next when there is word of room, until one got through.
final class CoordinatedSession implements BackendSession, FlowControl, ReplyRoom.Holder {
  /** Calls accepted before the client is asked to wait. */
  static final int CALLS_MAX = 128;

  /** Calls of one task: few enough that two workers share what one read batch brings. */
  static final int TASK_CALLS_MAX = 8;

  /**
   * What all sessions of a backend have in common.
   *
   * @param engine executes
   * @param workers where
   * @param room bounds the memory of replies
   * @param replyStallMillis how long a client may take no byte while others wait for room
   * @param faults is told of what should not have been thrown
   */
  record Shared(
      Future<Engine> engine,
      WorkerExecutor workers,
      ReplyRoom room,
      int replyStallMillis,
      Consumer<Throwable> faults) {}

  private final Shared shared;
  private final ClientSide client;
  private final ReplyStream replies;
  private final ReplyRoom.Share share;
  private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
  private int calls;
  private int tasks;
  private boolean oneByOne;
  private boolean lacksRoom;
  private boolean full;
  private boolean paused;
  private boolean closed;
  private long unsent;
  private long movedNanos = System.nanoTime();

  CoordinatedSession(Shared shared, ClientSide client) {
    this.shared = shared;
    this.client = client;
    this.replies = client.replies(this);
    this.share = shared.room.open(client.address().getAddress(), this);
    shared.engine.onComplete(opened -> client.eventLoop().execute(() -> begin(opened)));
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
    while (shared.engine.succeeded() && !paused && !lacksRoom && mayBegin()) {
      List<ByteBuf> records = new ArrayList<>(TASK_CALLS_MAX);
      int most = oneByOne ? 1 : TASK_CALLS_MAX;
      while (records.size() < most && !waiting.isEmpty()) {
        records.add(waiting.remove());
      }
      begin(new CallTask(records));
    }
  }

  private boolean mayBegin() {
    return !waiting.isEmpty() && !(oneByOne && tasks > 0);
  }

  private void begin(CallTask task) {
    tasks++;
    Engine engine = shared.engine.result();
    try {
      shared
          .workers
          .executeBlocking(
              () -> {
                task.run(engine, share);
                return null;
              },
              false)
          .onComplete(ended -> client.eventLoop().execute(() -> finish(task, ended.failed())));
    } catch (RuntimeException | Error closing) {
      finish(task, true);
    }
  }

  private void finish(CallTask task, boolean refused) {
    tasks--;
    calls -= task.done();
    if (closed || refused) {
      task.release();
      if (!closed) {
        client.close("nobody is there to execute its calls");
      }
      return;
    }
    task.takeReplies().forEach(replies::write);
    replies.flush();
    if (task.fault() != null) {
      shared.faults.accept(task.fault());
      task.release();
      client.close("its call could not be executed: " + task.fault());
      return;
    }
    if (task.isUnanswerable()) {
      task.release();
      client.close("sent a message that is no RPC call");
      return;
    }
    goOn(task);
    tellWhetherFull();
  }

  private void goOn(CallTask task) {
    List<ByteBuf> rest = task.takeRest();
    for (int i = rest.size() - 1; i >= 0; i--) {
      waiting.addFirst(rest.get(i));
    }
    if (!rest.isEmpty()) {
      oneByOne = true;
      lacksRoom = share.isWaiting();
    } else if (oneByOne && !lacksRoom) {
      oneByOne = false;
    }
    flush();
  }

  private void tellWhetherFull() {
    boolean now = calls >= CALLS_MAX;
    if (now != full) {
      full = now;
      client.callsFull(now);
    }
  }

  @Override
  public void roomCame() {
    client
        .eventLoop()
        .execute(
            () -> {
              lacksRoom = false;
              if (paused || waiting.isEmpty()) {
                share.leaveAside();
              } else if (!closed) {
                flush();
              }
            });
  }

  @Override
  public void othersWait() {
    client.eventLoop().execute(this::closeIfStalled);
  }

  private void closeIfStalled() {
    long now = System.nanoTime();
    long left = closed ? 0 : client.unsentBytes();
    if (left == 0 || left != unsent) {
      unsent = left;
      movedNanos = now;
    } else if (now - movedNanos >= TimeUnit.MILLISECONDS.toNanos(shared.replyStallMillis)) {
      client.close("it does not read its replies, and others wait for their memory");
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
    share.close();
    replies.end();
  }
}
