package org.nfsproxy.server.audit;

import java.net.InetAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.metrics.NotedCall;

/**
 * Calls that wait to be written: so many, and so much memory, of which one client has a half at
 * most. Whoever adds never waits.
 */
final class AuditQueue {
  /** What a call takes beside what was noted of it. */
  private static final long CALL_BYTES = 256;

  /** Clients that are remembered; beyond it, all are forgotten, and what they have counts anew. */
  private static final int CLIENTS_MAX = 4096;

  private final Room room;
  private final Room ofAClient;
  private final Held all = new Held();
  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final Map<InetAddress, Held> clients = new ConcurrentHashMap<>();

  private record Room(int calls, long bytes) {}

  private record Entry(NotedCall call, long bytes, Held ofClient) {}

  /** What somebody has in the queue. */
  private static final class Held {
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    boolean take(long more, Room room) {
      boolean hasRoom = calls.incrementAndGet() <= room.calls;
      hasRoom &= bytes.addAndGet(more) <= room.bytes;
      if (!hasRoom) {
        giveBack(more);
      }
      return hasRoom;
    }

    void giveBack(long taken) {
      calls.decrementAndGet();
      bytes.addAndGet(-taken);
    }
  }

  AuditQueue(int callsMax, long bytesMax) {
    this.room = new Room(callsMax, bytesMax);
    this.ofAClient = new Room(Math.max(1, callsMax / 2), bytesMax / 2);
  }

  /**
   * Adds a call.
   *
   * @return false if there is no room for it
   */
  boolean add(NotedCall call) {
    long bytes = CALL_BYTES + call.note().bytes();
    Held ofClient = held(call.client());
    if (!ofClient.take(bytes, ofAClient)) {
      return false;
    }
    if (!all.take(bytes, room)) {
      ofClient.giveBack(bytes);
      return false;
    }
    entries.add(new Entry(call, bytes, ofClient));
    return true;
  }

  private Held held(InetAddress client) {
    Held known = clients.get(client);
    if (known != null) {
      return known;
    }
    if (clients.size() >= CLIENTS_MAX) {
      clients.clear();
    }
    Held made = new Held();
    Held other = clients.putIfAbsent(client, made);
    return other == null ? made : other;
  }

  /** Takes the one that waits longest; null if none does. For one thread. */
  @Nullable NotedCall poll() {
    Entry entry = entries.poll();
    if (entry == null) {
      return null;
    }
    entry.ofClient.giveBack(entry.bytes);
    all.giveBack(entry.bytes);
    return entry.call;
  }
}
