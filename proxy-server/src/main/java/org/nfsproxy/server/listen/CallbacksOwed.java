package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import java.util.EnumMap;
import java.util.Map;
import org.nfsproxy.nfs.table.Nfs4Callback;
import org.nfsproxy.nfs.walk.CallbackToCome;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;

/**
 * How many callbacks the origin still owes a client, as far as replies and callbacks of one
 * connection tell. Replies are read on any thread, everything else on the connection's event loop.
 */
// A guess, of which nothing depends but how long a drain waits, and that has its own bound: a
// callback may come by another connection of the session, or in pieces that nobody puts together
// to read it. It is kept per connection and lost with it.
final class CallbacksOwed {
  private static final int OPERATIONS_MAX = 1024;
  private static final int CB_COMPOUND = 1;

  private final Map<Nfs4Callback, Owed> owed = new EnumMap<>(Nfs4Callback.class);
  private volatile boolean isAny;

  private static final class Owed {
    int count;
    long untilSecond;
  }

  /** Reads the reply to a call that {@linkplain CallbackToCome#mayFollow a callback may follow}. */
  void readReply(ByteBuf bytes, int from, int to, long second) {
    Reply header = new Reply();
    CompoundReplyWalk walk = new CompoundReplyWalk();
    if (header.read(bytes, from + RecordMarking.MARKER_BYTES, to) != Reply.Form.RESULTS) {
      return;
    }
    walk.walk(bytes, header.resultsAt(), header.end(), OPERATIONS_MAX);
    for (int i = 0; i < walk.count(); i++) {
      CallbackToCome following = CallbackToCome.following(walk, i, bytes);
      if (following != null) {
        add(following, second);
      }
    }
  }

  private synchronized void add(CallbackToCome following, long second) {
    Owed each = owed.computeIfAbsent(following.callback(), none -> new Owed());
    boolean isForgotten = following.secondsMax() > 0;
    each.count = isForgotten ? 1 : each.count + 1;
    each.untilSecond = isForgotten ? second + following.secondsMax() : Long.MAX_VALUE;
    isAny = true;
  }

  /** Whether a callback is worth reading. */
  boolean isAny() {
    return isAny;
  }

  /** Whether any is still to come at this second. */
  boolean isAny(long second) {
    return isAny && isAnyAt(second);
  }

  private synchronized boolean isAnyAt(long second) {
    owed.values().removeIf(each -> each.count == 0 || second > each.untilSecond);
    isAny = !owed.isEmpty();
    return isAny;
  }

  /** Reads a callback. */
  void readCallback(ByteBuf bytes, int from, int to) {
    Call call = new Call();
    if (call.read(bytes, from + RecordMarking.MARKER_BYTES, to) != Call.Form.CALL
        || call.procedure() != CB_COMPOUND
        || call.flavor() == AuthFlavor.RPCSEC_GSS) {
      return;
    }
    CompoundWalk<Nfs4Callback> walk = CompoundWalk.ofCallbacks();
    walk.walk(bytes, call.argumentsAt(), call.end(), OPERATIONS_MAX);
    for (int i = 0; i < walk.count(); i++) {
      remove(walk.operation(i));
    }
  }

  private synchronized void remove(Nfs4Callback came) {
    Owed each = owed.get(came);
    if (each != null && each.count > 0) {
      each.count--;
    }
  }
}
