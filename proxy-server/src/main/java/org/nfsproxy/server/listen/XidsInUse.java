package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.nfsproxy.rpc.XidTable;

/**
 * The xids of one connection's calls that have no reply yet, and the calls that wait because an
 * earlier one has their xid.
 *
 * <pre>
 *  take(7) yes      the first call goes to the judge
 *  take(7) no       keep(7, second): it waits, unjudged; calls of other xids go on
 *  free(7)          the first has its reply: second is next()
 * </pre>
 */
// A reply says its xid and nothing else of its call (RFC 5531 section 9), so what a judge wants
// with a reply belongs to the call only as long as the xid does. A client may choose any xid: were
// two calls of one xid at the origin at once, the reply to either could be read as the other's.
//
// Who sends a call again on the same connection gets the reply twice, the second time from the
// origin's reply cache, and drops what it does not wait for any more.
//
// What waits is a copy: a slice of what was read would keep all that was read with it.
final class XidsInUse {
  /** What a call that waits costs beside its bytes, roughly. */
  private static final int OVERHEAD_BYTES = 256;

  private final XidTable inUse = new XidTable();
  private final ArrayDeque<ByteBuf> ready = new ArrayDeque<>(0);
  private Map<Integer, ArrayDeque<ByteBuf>> kept = Map.of();
  private int waiting;
  private long bytes;

  /** Takes an xid for a call that goes on; false if an earlier call has it. */
  boolean take(int xid) {
    return inUse.addNew(xid);
  }

  boolean isInUse(int xid) {
    return inUse.contains(xid);
  }

  /** Keeps a call until those before it with its xid have their replies; the record is now ours. */
  void keep(int xid, ByteBuf record) {
    ByteBuf copy;
    try {
      copy = record.alloc().buffer(record.readableBytes()).writeBytes(record);
    } finally {
      record.release();
    }
    if (kept.isEmpty()) {
      kept = new HashMap<>();
    }
    kept.computeIfAbsent(xid, first -> new ArrayDeque<>(1)).add(copy);
    waiting++;
    bytes += copy.readableBytes() + OVERHEAD_BYTES;
  }

  /** The call that has an xid was answered: its reply is on its way to the client. */
  void free(int xid) {
    ArrayDeque<ByteBuf> next = kept.isEmpty() ? null : kept.get(xid);
    if (next == null) {
      inUse.remove(xid);
      return;
    }
    ready.add(next.remove());
    if (next.isEmpty()) {
      kept.remove(xid);
    }
  }

  boolean hasNext() {
    return !ready.isEmpty();
  }

  /** A call whose turn has come, and which has its xid now; the caller's. Null if there is none. */
  ByteBuf next() {
    ByteBuf record = ready.poll();
    if (record != null) {
      waiting--;
      bytes -= record.readableBytes() + OVERHEAD_BYTES;
    }
    return record;
  }

  /** Calls that wait, those included whose turn has come. */
  int waiting() {
    return waiting;
  }

  /** How much memory they hold. */
  long bytes() {
    return bytes;
  }

  /** Gives all of them back. */
  void close() {
    ready.forEach(ByteBuf::release);
    ready.clear();
    kept.values().forEach(calls -> calls.forEach(ByteBuf::release));
    kept = Map.of();
    waiting = 0;
    bytes = 0;
  }
}
