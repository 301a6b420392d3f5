package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that were met already: a repeated one waits with the first, or gets its reply again. Used
 * by one thread.
 */
// A call is the same if all of its bytes are, xid among them, and it comes from the same address.
// The late second LOCK of a lost reply would otherwise lock again what was unlocked meanwhile.
final class Repeats {
  /** Longer than a client repeats a call. */
  static final int REMEMBERED_SECONDS = 120;

  /** A client that locks and unlocks some 20 times a second, for so long. */
  static final int PER_CLIENT_MAX = 4096;

  /** In all; some 20 MB. */
  static final int MAX = 65_536;

  /** Repeats of one call that wait with it; a client has one way to hear the reply, or two. */
  private static final int WAITING_MAX = 8;

  /** A call that was met. */
  static final class Met {
    private final InetAddress client;
    private final ByteBuffer bytes;
    private List<Consumer<byte[]>> waiting = new ArrayList<>();
    private byte @Nullable [] reply;
    private long answeredNanos;

    private Met(InetAddress client, ByteBuffer bytes) {
      this.client = client;
      this.bytes = bytes;
    }
  }

  private final LongSupplier nanoTime;

  /** In the order in which they called last. */
  private final Map<InetAddress, LinkedHashMap<ByteBuffer, Met>> ofClient =
      new LinkedHashMap<>(16, 0.75f, true);

  private int size;

  Repeats(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Meets a call.
   *
   * @param reply is given the reply, perhaps at once
   * @return the call if it is a new one, to be ended by {@link #answered} or {@link #forget}; else
   *     null
   */
  @Nullable Met meet(InetAddress client, ByteBuf record, Consumer<byte[]> reply) {
    ByteBuffer bytes = ByteBuffer.wrap(ByteBufUtil.getBytes(record));
    LinkedHashMap<ByteBuffer, Met> calls =
        ofClient.computeIfAbsent(client, met -> new LinkedHashMap<>());
    Met known = calls.get(bytes);
    if (known != null && !isOver(known)) {
      if (known.reply != null) {
        reply.accept(known.reply);
      } else if (known.waiting.size() < WAITING_MAX) {
        known.waiting.add(reply);
      }
      return null;
    }
    Met met = new Met(client, bytes);
    met.waiting.add(reply);
    size -= calls.remove(bytes) == null ? 0 : 1;
    calls.put(bytes, met);
    size++;
    if (calls.size() > PER_CLIENT_MAX) {
      dropOldest(calls, 1);
    }
    if (size > MAX) {
      dropOldest();
    }
    return met;
  }

  // Whoever has not called for the longest time needs it least.
  private void dropOldest() {
    Iterator<LinkedHashMap<ByteBuffer, Met>> quietest = ofClient.values().iterator();
    int before = size;
    while (size == before && quietest.hasNext()) {
      LinkedHashMap<ByteBuffer, Met> calls = quietest.next();
      dropOldest(calls, PER_CLIENT_MAX);
      if (calls.isEmpty()) {
        quietest.remove();
      }
    }
  }

  private void dropOldest(LinkedHashMap<ByteBuffer, Met> calls, int count) {
    int left = count;
    Iterator<Met> oldest = calls.values().iterator();
    while (left > 0 && oldest.hasNext()) {
      if (oldest.next().reply != null) {
        oldest.remove();
        size--;
        left--;
      }
    }
  }

  private boolean isOver(Met met) {
    return met.reply != null
        && nanoTime.getAsLong() - met.answeredNanos > TimeUnit.SECONDS.toNanos(REMEMBERED_SECONDS);
  }

  /** Gives all who wait for a call its reply, and keeps that. */
  void answered(Met met, byte[] reply) {
    met.reply = reply;
    met.answeredNanos = nanoTime.getAsLong();
    List<Consumer<byte[]>> waiting = met.waiting;
    met.waiting = List.of();
    waiting.forEach(each -> each.accept(reply));
  }

  /** Forgets a call that gets no reply: when it is repeated, it is new. */
  void forget(Met met) {
    LinkedHashMap<ByteBuffer, Met> calls = ofClient.get(met.client);
    if (calls != null) {
      size -= calls.remove(met.bytes, met) ? 1 : 0;
      if (calls.isEmpty()) {
        ofClient.remove(met.client);
      }
    }
  }

  /** Forgets what is over. */
  void purge() {
    ofClient.values().forEach(calls -> calls.values().removeIf(this::isOver));
    ofClient.values().removeIf(Map::isEmpty);
    size = ofClient.values().stream().mapToInt(Map::size).sum();
  }

  /** Forgets what a client was answered: what it then holds is not what it was told. */
  void forgetAnswers(InetAddress client) {
    LinkedHashMap<ByteBuffer, Met> calls = ofClient.get(client);
    if (calls != null) {
      dropOldest(calls, PER_CLIENT_MAX + 1);
    }
  }

  /** Calls that are known. */
  int size() {
    return size;
  }
}
