package org.nfsproxy.backend.coordinated.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.AuthStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * Turns one call into one reply. Keeps nothing between calls, so any number of threads may use it;
 * since procedures may block, none of them is an event loop. A {@link FurtherProgram} may keep
 * something.
 */
// The recipe: header, credential, program, version, procedure, arguments, execution. It names no
// procedure; each step has its own answer in RFC 5531 section 9.
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final ByteBufAllocator alloc;
  private final Map<Integer, TreeMap<Integer, Program>> programs = new HashMap<>();
  private final List<FurtherProgram> further;

  /**
   * Serves programs.
   *
   * @param alloc where the memory of replies comes from
   * @param served versions of programs
   * @param further versions of programs that come from other modules; now the engine's
   */
  public Engine(ByteBufAllocator alloc, List<Program> served, List<FurtherProgram> further) {
    this.alloc = alloc;
    this.further = List.copyOf(further);
    served.forEach(this::serve);
    further.forEach(one -> serve(one.program()));
  }

  private void serve(Program program) {
    programs
        .computeIfAbsent(program.number(), number -> new TreeMap<>())
        .put(program.version(), program);
  }

  /**
   * What is served.
   *
   * @return a row for each program
   */
  public List<ServedProgram> programs() {
    List<ServedProgram> rows = new ArrayList<>();
    programs.forEach(
        (number, versions) ->
            rows.add(new ServedProgram(number, versions.firstKey(), versions.lastKey())));
    return rows;
  }

  /** Forgets what further programs keep. No call is answered after it. */
  @Override
  public void close() {
    further.forEach(FurtherProgram::close);
  }

  /**
   * Answers a call. May block.
   *
   * @param record the call's record; not released
   * @param from index of the message's first byte (behind the record marker)
   * @return the reply's record, marker included, the caller's to release; empty if the message
   *     cannot be answered: then its sender is no RPC client and the connection should be closed
   */
  public Optional<ByteBuf> answer(ByteBuf record, int from) {
    try {
      return answer(record, from, Room.UNBOUNDED);
    } catch (NoRoomException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Answers a call if there is room for its reply. May block.
   *
   * @param record the call's record; not released
   * @param from index of the message's first byte (behind the record marker)
   * @param room where the reply's memory is counted until it is released
   * @return the reply's record, as of {@link #answer(ByteBuf, int)}
   * @throws NoRoomException if there is none; nothing has been done
   */
  public Optional<ByteBuf> answer(ByteBuf record, int from, Room room) throws NoRoomException {
    Call call = new Call();
    return switch (call.read(record, from, record.writerIndex())) {
      case CALL -> Optional.of(answer(call, record, room));
      case RPC_MISMATCH -> Optional.of(Replies.rpcMismatch(alloc, call.xid()));
      case BAD_CREDENTIAL ->
          Optional.of(Replies.authError(alloc, call.xid(), AuthStatus.AUTH_BADCRED));
      case REPLY, TRUNCATED, NOT_RPC -> Optional.empty();
    };
  }

  private ByteBuf answer(Call call, ByteBuf record, Room room) throws NoRoomException {
    Optional<UserIds> caller = Callers.read(call, record);
    if (caller.isEmpty()) {
      return Replies.authError(alloc, call.xid(), AuthStatus.AUTH_BADCRED);
    }
    TreeMap<Integer, Program> versions = programs.get(call.program());
    if (versions == null) {
      return accepted(call, AcceptStatus.PROG_UNAVAIL);
    }
    Program program = versions.get(call.version());
    if (program == null) {
      return accepted(call, AcceptStatus.PROG_MISMATCH, versions.firstKey(), versions.lastKey());
    }
    if (Integer.compareUnsigned(call.procedure(), program.procedures().size()) >= 0) {
      return accepted(call, AcceptStatus.PROC_UNAVAIL);
    }
    ExecutableProcedure procedure = program.procedures().get(call.procedure());
    XdrReader arguments = new XdrReader().reset(record, call.argumentsAt(), call.end());
    ExecutableProcedure.Execution execution;
    try {
      execution = procedure.read(caller.get(), arguments);
    } catch (XdrException garbage) {
      return accepted(call, AcceptStatus.GARBAGE_ARGS);
    }
    return run(call, execution, room);
  }

  // Room first, memory second, and only then is anything done. Whatever is thrown on the way, what
  // was taken until then is given back.
  private ByteBuf run(Call call, ExecutableProcedure.Execution execution, Room room)
      throws NoRoomException {
    int bytes = execution.resultsBytes();
    if (bytes <= ReplyMemory.COUNTED_FROM_BYTES) {
      return run(call, execution, Replies.beginSuccess(alloc, call.xid(), bytes));
    }
    if (!room.take(bytes)) {
      throw NoRoomException.INSTANCE;
    }
    return run(call, execution, begin(call, bytes, room));
  }

  private ByteBuf begin(Call call, int bytes, Room room) {
    boolean counted = false;
    ByteBuf reply = null;
    try {
      reply = Replies.beginSuccess(alloc, call.xid(), bytes);
      counted = ReplyMemory.whenFreed(reply, () -> room.giveBack(bytes));
      return reply;
    } catch (RuntimeException | Error fault) {
      if (reply != null) {
        reply.release();
      }
      throw fault;
    } finally {
      if (!counted) {
        room.giveBack(bytes);
      }
    }
  }

  private ByteBuf run(Call call, ExecutableProcedure.Execution execution, ByteBuf reply) {
    try {
      execution.run(new XdrWriter(reply));
      return Replies.finish(reply);
    } catch (Error fault) {
      reply.release();
      throw fault;
    } catch (RuntimeException fault) {
      reply.release();
      LOG.error(
          "program " + call.program() + " v" + call.version() + " procedure " + call.procedure(),
          fault);
      return accepted(call, AcceptStatus.SYSTEM_ERR);
    }
  }

  private ByteBuf accepted(Call call, AcceptStatus status, int... words) {
    return Replies.accepted(alloc, call.xid(), status, words);
  }
}
