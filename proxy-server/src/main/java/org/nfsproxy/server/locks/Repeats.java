package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
 * by one thread, its numbers by any.
 */
// A call is the same if all of its bytes are, xid among them, and it comes from the same address.
// The late second LOCK of a lost reply would otherwise lock again what was unlocked meanwhile.
//
// Of a call only a digest is kept, since it may be a hundred times as long as its reply; and only
// answers are given up for others. Calls without one are few: see CallsUnderWay.
final class Repeats {
  /** Longer than a client repeats a call. */
  static final int REMEMBERED_SECONDS = 120;

  /** What one client address may have of the bytes of all. */
  static final int CLIENT_SHARE = 8;

  /** What a call costs beside its reply: a digest, two objects, an entry of a map. */
  static final int CALL_BYTES = 288;

  /** Repeats of one call that wait with it; a client has one way to hear the reply, or two. */
  private static final int WAITING_MAX = 8;

  /** A call that was met. */
  static final class Met {
    private final InetAddress client;
    private final ByteBuffer digest;
    private List<Consumer<byte[]>> waiting = new ArrayList<>(1);
    private byte @Nullable [] reply;
    private long answeredNanos;

    private Met(InetAddress client, ByteBuffer digest) {
      this.client = client;
      this.digest = digest;
    }

    private int bytes() {
      return reply == null ? CALL_BYTES : CALL_BYTES + reply.length;
    }
  }

  /** Those that have replies in the order in which they got them. */
  private static final class OfClient {
    private final LinkedHashMap<ByteBuffer, Met> calls = new LinkedHashMap<>();
    private long bytes;
  }

  private final LongSupplier nanoTime;
  private final long bytesMax;
  private final MessageDigest digest = sha256();

  /** In the order in which they called last. */
  private final Map<InetAddress, OfClient> ofClient = new LinkedHashMap<>(16, 0.75f, true);

  private volatile long bytes;

  Repeats(long bytesMax, LongSupplier nanoTime) {
    this.bytesMax = bytesMax;
    this.nanoTime = nanoTime;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has it", impossible);
    }
  }

  /**
   * Meets a call.
   *
   * @param reply is given the reply, perhaps at once
   * @return the call if it is a new one, to be ended by {@link #answered} or {@link #forget}; else
   *     null
   */
  @Nullable Met meet(InetAddress client, ByteBuf record, Consumer<byte[]> reply) {
    digest.update(record.nioBuffer());
    ByteBuffer key = ByteBuffer.wrap(digest.digest());
    OfClient of = ofClient.computeIfAbsent(client, met -> new OfClient());
    Met known = of.calls.get(key);
    if (known != null && !isOver(known)) {
      if (known.reply != null) {
        reply.accept(known.reply);
      } else if (known.waiting.size() < WAITING_MAX) {
        known.waiting.add(reply);
      }
      return null;
    }
    if (known != null) {
      remove(of, known);
    }
    Met met = new Met(client, key);
    met.waiting.add(reply);
    of.calls.put(key, met);
    grow(of, met.bytes());
    return met;
  }

  private void grow(OfClient of, int more) {
    of.bytes += more;
    bytes = bytes + more;
    if (of.bytes > bytesMax / CLIENT_SHARE) {
      dropAnswers(of, bytesMax / CLIENT_SHARE);
    }
    // Whoever has not called for the longest time needs it least.
    Iterator<OfClient> quietest = ofClient.values().iterator();
    while (bytes > bytesMax && quietest.hasNext()) {
      OfClient one = quietest.next();
      dropAnswers(one, Math.max(0, one.bytes - (bytes - bytesMax)));
      if (one.calls.isEmpty()) {
        quietest.remove();
      }
    }
  }

  /** Drops the oldest answers of a client until so much is left, or no answer. */
  private void dropAnswers(OfClient of, long bytesLeft) {
    Iterator<Met> oldest = of.calls.values().iterator();
    while (of.bytes > bytesLeft && oldest.hasNext()) {
      Met met = oldest.next();
      if (met.reply != null) {
        oldest.remove();
        shrink(of, met.bytes());
      }
    }
  }

  private void shrink(OfClient of, int less) {
    of.bytes -= less;
    bytes = bytes - less;
  }

  private void remove(OfClient of, Met met) {
    if (of.calls.remove(met.digest, met)) {
      shrink(of, met.bytes());
    }
  }

  private boolean isOver(Met met) {
    return met.reply != null
        && nanoTime.getAsLong() - met.answeredNanos > TimeUnit.SECONDS.toNanos(REMEMBERED_SECONDS);
  }

  /** Gives all who wait for a call its reply, and keeps that. */
  void answered(Met met, byte[] reply) {
    OfClient of = ofClient.get(met.client);
    met.reply = reply;
    met.answeredNanos = nanoTime.getAsLong();
    if (of != null && of.calls.remove(met.digest, met)) {
      of.calls.put(met.digest, met);
      grow(of, reply.length);
    }
    List<Consumer<byte[]>> waiting = met.waiting;
    met.waiting = List.of();
    waiting.forEach(each -> each.accept(reply));
  }

  /** Forgets a call that gets no reply: when it is repeated, it is new. */
  void forget(Met met) {
    OfClient of = ofClient.get(met.client);
    if (of != null) {
      remove(of, met);
      if (of.calls.isEmpty()) {
        ofClient.remove(met.client);
      }
    }
  }

  /** Forgets what is over. */
  void purge() {
    Iterator<OfClient> all = ofClient.values().iterator();
    while (all.hasNext()) {
      OfClient of = all.next();
      Iterator<Met> oldest = of.calls.values().iterator();
      while (oldest.hasNext()) {
        Met met = oldest.next();
        if (isOver(met)) {
          oldest.remove();
          shrink(of, met.bytes());
        } else if (met.reply != null) {
          break;
        }
      }
      if (of.calls.isEmpty()) {
        all.remove();
      }
    }
  }

  /** Forgets what a client was answered: what it then holds is not what it was told. */
  void forgetAnswers(InetAddress client) {
    OfClient of = ofClient.get(client);
    if (of != null) {
      dropAnswers(of, 0);
      if (of.calls.isEmpty()) {
        ofClient.remove(client);
      }
    }
  }

  /** Bytes that it all takes. */
  long bytes() {
    return bytes;
  }
}
