package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.nfsproxy.server.locks.listen.LockCaller;

/** Bounds calls that have no reply, by number of one client and by bytes of all. By one thread. */
// A call is held as it came, as it was read, and as it left for the origin.
//
// A datagram may be forged, and a client is there whose calls come by TCP: those are counted for
// themselves, and datagrams leave them half of the bytes.
final class CallsUnderWay {
  private static final int COPIES = 3;

  /** What each costs beside its bytes. */
  private static final int CALL_BYTES = 512;

  /** Of all bytes, what those of calls by datagram may be. */
  private static final int DATAGRAM_SHARE = 2;

  /** Of whom it is said that they call, by TCP or by datagrams. */
  private record Key(InetAddress client, boolean isConnected) {
    static Key of(LockCaller caller) {
      return new Key(caller.address(), caller.isConnected());
    }
  }

  private final int perClientMax;
  private final long bytesMax;
  private final Map<Key, Integer> ofClient = new HashMap<>();
  private long bytes;
  private long datagramBytes;

  CallsUnderWay(int perClientMax, long bytesMax) {
    this.perClientMax = perClientMax;
    this.bytesMax = bytesMax;
  }

  private static long cost(int recordBytes) {
    return CALL_BYTES + (long) COPIES * recordBytes;
  }

  /**
   * Begins a call, if there is room for it.
   *
   * @return whether it has begun, so that {@link #end} must follow
   */
  boolean begin(LockCaller caller, int recordBytes) {
    long cost = cost(recordBytes);
    Key key = Key.of(caller);
    boolean isRoom =
        bytes + cost <= bytesMax
            && (caller.isConnected() || datagramBytes + cost <= bytesMax / DATAGRAM_SHARE);
    if (!isRoom || ofClient.getOrDefault(key, 0) >= perClientMax) {
      return false;
    }
    add(caller, cost);
    ofClient.merge(key, 1, Integer::sum);
    return true;
  }

  void end(LockCaller caller, int recordBytes) {
    add(caller, -cost(recordBytes));
    ofClient.computeIfPresent(Key.of(caller), (who, count) -> count == 1 ? null : count - 1);
  }

  private void add(LockCaller caller, long cost) {
    bytes += cost;
    if (!caller.isConnected()) {
      datagramBytes += cost;
    }
  }
}
