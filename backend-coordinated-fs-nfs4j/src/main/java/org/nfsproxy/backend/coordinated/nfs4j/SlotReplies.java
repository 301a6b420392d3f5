package org.nfsproxy.backend.coordinated.nfs4j;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.dcache.nfs.v4.SessionSlot;
import org.dcache.nfs.v4.xdr.SEQUENCE4args;
import org.nfsproxy.backend.coordinated.nfs4j.operations.Bounded;

/** What a slot of a session was answered, for a retry: RFC 8881 section 2.10.6. */
// nfs4j counts the sequence of a slot and can keep its reply, but does not tell a retry of a call
// that is still being executed from one whose reply was not kept. So replies are kept here, as long
// as their slot lives, and which slots are busy is known.
final class SlotReplies {
  private final Map<SessionSlot, byte[]> kept = Collections.synchronizedMap(new WeakHashMap<>());
  private final Set<ByteBuffer> busy = ConcurrentHashMap.newKeySet();

  /** Which slot a call names. */
  static ByteBuffer name(SEQUENCE4args sequence) {
    byte[] session = sequence.sa_sessionid.value;
    return ByteBuffer.allocate(session.length + Integer.BYTES)
        .put(session)
        .putInt(sequence.sa_slotid.value)
        .flip();
  }

  /** Takes a slot for a call; false if another call has it. */
  boolean begin(ByteBuffer slot) {
    return busy.add(slot);
  }

  void end(ByteBuffer slot) {
    busy.remove(slot);
  }

  void keep(SessionSlot slot, byte[] results) {
    if (results.length <= Bounded.KEPT_BYTES_MAX) {
      kept.put(slot, results);
    }
  }

  void forget(SessionSlot slot) {
    kept.remove(slot);
  }

  Optional<byte[]> of(SessionSlot slot) {
    return Optional.ofNullable(kept.get(slot));
  }
}
