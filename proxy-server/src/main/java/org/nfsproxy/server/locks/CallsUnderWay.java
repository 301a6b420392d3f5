package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** Bounds calls that have no reply, by number of one client and by bytes of all. By one thread. */
// A call is held as it came, as it was read, and as it left for the origin.
final class CallsUnderWay {
  private static final int COPIES = 3;

  /** What each costs beside its bytes. */
  private static final int CALL_BYTES = 512;

  private final int perClientMax;
  private final long bytesMax;
  private final Map<InetAddress, Integer> ofClient = new HashMap<>();
  private long bytes;

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
  boolean begin(InetAddress client, int recordBytes) {
    if (bytes + cost(recordBytes) > bytesMax || ofClient.getOrDefault(client, 0) >= perClientMax) {
      return false;
    }
    bytes += cost(recordBytes);
    ofClient.merge(client, 1, Integer::sum);
    return true;
  }

  void end(InetAddress client, int recordBytes) {
    bytes -= cost(recordBytes);
    ofClient.computeIfPresent(client, (who, count) -> count == 1 ? null : count - 1);
  }
}
