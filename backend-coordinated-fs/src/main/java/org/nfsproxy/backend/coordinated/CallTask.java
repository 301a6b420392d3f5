package org.nfsproxy.backend.coordinated;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.backend.coordinated.engine.NoRoomException;
import org.nfsproxy.backend.coordinated.engine.Room;
import org.nfsproxy.rpc.RecordMarking;

/** A few calls of one client, executed one behind the other on a worker. */
// What it holds is in its own lists, made before it begins, so that nothing is lost by what is
// thrown on the way: each record and each reply is in one of them until somebody has taken it.
final class CallTask {
  private final List<ByteBuf> records;
  private final List<ByteBuf> replies;
  private int done;
  private boolean unanswerable;
  private @Nullable Throwable fault;

  /**
   * Not begun.
   *
   * @param records the calls; now the task's
   */
  CallTask(List<ByteBuf> records) {
    this.records = records;
    this.replies = new ArrayList<>(records.size());
  }

  /** Executes, until a call's reply finds no room. May block; throws nothing. */
  void run(Engine engine, Room room) {
    try {
      while (done < records.size()) {
        ByteBuf record = records.get(done);
        int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
        Optional<ByteBuf> reply = engine.answer(record, from, room);
        if (reply.isPresent()) {
          replies.add(reply.get());
        }
        unanswerable |= reply.isEmpty();
        done++;
        record.release();
      }
    } catch (NoRoomException later) {
      return;
    } catch (RuntimeException | Error bug) {
      fault = bug;
    }
  }

  /** How many calls it was given. */
  int size() {
    return records.size();
  }

  /** Calls that are over, answered or not. */
  int done() {
    return done;
  }

  /** Whether a message was no call. */
  boolean isUnanswerable() {
    return unanswerable;
  }

  /** What was thrown; null for nothing. */
  @Nullable Throwable fault() {
    return fault;
  }

  /** The replies; now the caller's. */
  List<ByteBuf> takeReplies() {
    List<ByteBuf> taken = List.copyOf(replies);
    replies.clear();
    return taken;
  }

  /** The calls that have not been executed; now the caller's. */
  List<ByteBuf> takeRest() {
    List<ByteBuf> rest = List.copyOf(records.subList(done, records.size()));
    done = records.size();
    return rest;
  }

  /** Gives back what nobody has taken. */
  void release() {
    takeReplies().forEach(ByteBuf::release);
    takeRest().forEach(ByteBuf::release);
  }
}
