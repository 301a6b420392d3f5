package org.nfsproxy.backend.nfs.questions;

import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.success;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * An origin without minor version 0: it keeps client ids, sessions and slots as RFC 8881 section
 * 2.10.6 has it, and answers what stands behind a SEQUENCE with the attributes of one directory.
 */
final class SessionOrigin implements AnsweringOrigin.Script {
  private static final int MISMATCH = 10021;
  private static final int BADSESSION = 10052;
  private static final int BADSLOT = 10053;
  private static final int MISORDERED = 10063;

  private final Map<String, Long> verifiers = new ConcurrentHashMap<>();
  private final Map<Long, Map<Integer, Integer>> sessions = new ConcurrentHashMap<>();
  final List<String> operations = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger sequences = new AtomicInteger();
  volatile int minorVersion = 1;
  volatile int slots = 4;
  volatile int refuseSequence;
  volatile int refuseTimes = Integer.MAX_VALUE;
  volatile int status;
  volatile boolean silent;
  private long next = 100;
  private String wrong;

  int sessions() {
    return sessions.size();
  }

  /** What a client did that it must not, or null. */
  synchronized String wrong() {
    return wrong;
  }

  /** Forgets all, as in a restart. */
  synchronized void restart() {
    verifiers.clear();
    sessions.clear();
  }

  @Override
  public synchronized void play(int xid, XdrReader in, DataOutputStream out) throws IOException {
    in.skipOpaque(100);
    int minor = in.int32();
    int count = in.int32();
    if (minor != minorVersion) {
      reply(MISMATCH, 0, r -> {}).play(xid, in, out);
      return;
    }
    int operation = in.int32();
    operations.add(String.valueOf(operation));
    switch (operation) {
      case 42 -> exchangeId(in).play(xid, in, out);
      case 43 -> createSession(in).play(xid, in, out);
      case 44 -> destroySession(in).play(xid, in, out);
      case 53 -> {
        AnsweringOrigin.Script answer = sequence(in, count);
        if (!silent) {
          answer.play(xid, in, out);
        }
      }
      case 57 -> one(57, 0, r -> {}).play(xid, in, out);
      default -> one(operation, 10071, r -> {}).play(xid, in, out); // OP_NOT_IN_SESSION
    }
  }

  private static AnsweringOrigin.Script reply(int status, int count, Consumer<XdrWriter> results) {
    return success(out -> results.accept(out.int32(status).string("").int32(count)));
  }

  private static AnsweringOrigin.Script one(
      int operation, int status, Consumer<XdrWriter> results) {
    return reply(status, 1, out -> results.accept(out.int32(operation).int32(status)));
  }

  private AnsweringOrigin.Script exchangeId(XdrReader in) {
    long verifier = in.int64();
    String owner = in.string(1024);
    if (in.int32() != 0x0001_0000 || in.int32() != 0 || in.int32() != 0) {
      wrong = "flags, protection or implementation of EXCHANGE_ID";
    }
    Long before = verifiers.put(owner, verifier);
    if (before != null && before != verifier) {
      sessions.clear(); // a client that was restarted
    }
    return one(
        42,
        0,
        out -> {
          out.int64(7).int32(31).int32(0x0001_0000).int32(0);
          out.int64(0).string("origin").string("scope").int32(0);
        });
  }

  private AnsweringOrigin.Script createSession(XdrReader in) {
    if (in.int64() != 7 || in.int32() != 31) {
      wrong = "client id or sequence of CREATE_SESSION";
    }
    if (in.int32() != 0) {
      wrong = "flags of CREATE_SESSION";
    }
    in.skip(6 * 4); // fore channel, without its RDMA
    in.int32();
    int[] back = new int[6];
    for (int i = 0; i < back.length; i++) {
      back[i] = in.int32();
    }
    if (back[1] < 4096 || back[2] < 4096 || back[4] < 2) {
      return one(43, 10005, out -> {}); // TOOSMALL, as Linux
    }
    long session = next++;
    sessions.put(session, new HashMap<>());
    return one(
        43,
        0,
        out -> {
          out.int64(session).int64(0).int32(31).int32(0);
          out.int32(0).int32(8192).int32(65536).int32(0).int32(16).int32(slots).int32(0);
          out.int32(0).int32(4096).int32(4096).int32(0).int32(2).int32(1).int32(0);
        });
  }

  private AnsweringOrigin.Script destroySession(XdrReader in) {
    sessions.remove(in.int64());
    return one(44, 0, out -> {});
  }

  private AnsweringOrigin.Script sequence(XdrReader in, int count) {
    sequences.incrementAndGet();
    long session = in.int64();
    in.int64();
    int sequence = in.int32();
    int slot = in.int32();
    int highest = in.int32();
    in.int32();
    if (refuseSequence != 0 && refuseTimes-- > 0) {
      return one(53, refuseSequence, out -> {});
    }
    Map<Integer, Integer> used = sessions.get(session);
    if (used == null) {
      return one(53, BADSESSION, out -> {});
    }
    if (slot >= slots || highest >= slots) {
      wrong = "slot " + slot + " of " + slots;
      return one(53, BADSLOT, out -> {});
    }
    if (sequence != used.getOrDefault(slot, 0) + 1) {
      wrong = "sequence " + sequence + " after " + used.get(slot);
      return one(53, MISORDERED, out -> {});
    }
    used.put(slot, sequence);
    Consumer<XdrWriter> began =
        out -> {
          out.int32(53).int32(0).int64(session).int64(0);
          out.int32(sequence).int32(slot).int32(slots - 1).int32(slots - 1).int32(0);
        };
    if (status != 0) {
      return reply(status, 2, began.andThen(out -> out.int32(22).int32(status)));
    }
    return reply(
        0,
        count,
        began.andThen(
            out -> {
              out.int32(22).int32(0).int32(9).int32(0);
              out.int32(1).int32(1 << 1 | 1 << 8 | 1 << 20).int32(28);
              out.int32(2).int64(7).int64(8).int64(9);
            }));
  }
}
