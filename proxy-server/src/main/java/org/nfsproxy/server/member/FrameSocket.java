package org.nfsproxy.server.member;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.HeapRecords;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.socket.CloseNow;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of a connection of frames, each a record (RFC 5531 section 11). Used on one event loop.
 *
 * @param <F> frames, of either side
 */
// Both sides say a word each second, and whoever hears none for some seconds takes the other for
// gone: an address that has moved to a machine that is down sends nothing back. From where both
// know who the other is, frames are sealed; a broken seal ends the connection.
public final class FrameSocket<F> {
  private static final int WORD_MILLIS = 1_000;
  private static final int SILENT_WORDS_MAX = 3;

  private static final Logger log = LoggerFactory.getLogger(FrameSocket.class);

  /**
   * How frames are written.
   *
   * @param <F> frames
   */
  public interface Form<F> {
    /** The longest one, in bytes without marker. */
    int bytesMax();

    /** What the other side may leave unread before nothing more is sent. */
    int unsentBytesMax();

    /** The word that is said each second. */
    F alive();

    /** About how many bytes a frame has, so that they need be copied once. */
    int roughly(F frame);

    /** Writes one. */
    void write(F frame, XdrWriter out);

    /**
     * Reads one.
     *
     * @param record without marker, and nobody else's
     * @throws XdrException if it is none
     */
    F read(ByteBuf record);
  }

  private final NetSocket socket;
  private final Vertx vertx;
  private final Form<F> form;
  private final Runnable ended;
  private final long words;
  private @Nullable FrameSeal sealing;
  private @Nullable FrameSeal opening;
  private int silentWords;
  private boolean isBroken;
  private boolean isEnded;
  private boolean isTold;

  /**
   * Takes a connection over.
   *
   * @param frames is given what comes
   * @param ended told once, when it is over
   */
  public FrameSocket(
      Vertx vertx, NetSocket socket, Form<F> form, Consumer<F> frames, Runnable ended) {
    this.vertx = vertx;
    this.socket = socket;
    this.form = form;
    this.ended = ended;
    int bytesMax = form.bytesMax() + FrameSeal.BYTES;
    HeapRecords records = new HeapRecords(bytesMax, record -> take(record, frames));
    socket.setWriteQueueMaxSize(form.unsentBytesMax());
    socket.handler(bytes -> read(records, ((BufferInternal) bytes).getByteBuf()));
    socket.exceptionHandler(broken -> log.debug("a connection between instances", broken));
    socket.closeHandler(closed -> end());
    words = vertx.setPeriodic(WORD_MILLIS, timer -> word());
  }

  /** Seals what is sent from now on. */
  public void sealWith(FrameSeal seal) {
    sealing = seal;
  }

  /** Takes what comes from now on if it is sealed, and nothing else. */
  public void openWith(FrameSeal seal) {
    opening = seal;
  }

  /** Whether it is over since something came that was not sealed as it should be. */
  public boolean isBroken() {
    return isBroken;
  }

  private void word() {
    if (silentWords++ >= SILENT_WORDS_MAX) {
      close();
    } else {
      send(form.alive());
    }
  }

  private void read(HeapRecords records, ByteBuf bytes) {
    if (isEnded) {
      return;
    }
    try {
      records.accept(bytes);
    } catch (RecordException | XdrException garbage) {
      log.debug("{} says what is no frame: {}", socket.remoteAddress(), garbage.getMessage());
      close();
    }
  }

  private void take(ByteBuf record, Consumer<F> frames) {
    if (isEnded) {
      return;
    }
    try {
      ByteBuf opened = opening == null ? record : opening.opened(record);
      silentWords = 0;
      frames.accept(form.read(opened));
    } catch (FrameSeal.BrokenException forged) {
      isBroken = true;
      log.warn(
          "{} sent what is not sealed with what both instances know, or not the next of what was:"
              + " somebody else speaks on the instances' network, or changes what they say. The"
              + " connection is closed",
          this);
      close();
    }
  }

  /**
   * A frame as it is sent before anybody has proven anything.
   *
   * @return the whole record, marker included, on the heap
   */
  public static <F> ByteBuf record(Form<F> form, F frame) {
    XdrWriter out = new XdrWriter(Unpooled.buffer(form.roughly(frame))).int32(0);
    form.write(frame, out);
    ByteBuf record = out.buffer();
    int length = record.readableBytes() - RecordMarking.MARKER_BYTES;
    return record.setInt(0, RecordMarking.lastFragment(length));
  }

  private void write(F frame) {
    ByteBuf record = record(form, frame);
    socket.write(BufferInternal.buffer(sealing == null ? record : sealing.sealed(record)));
  }

  /**
   * Sends a frame, unless too much waits already.
   *
   * @return whether it was sent
   */
  public boolean send(F frame) {
    if (!hasRoom()) {
      return false;
    }
    write(frame);
    return true;
  }

  /**
   * Sends a short frame, whatever waits already: how many of them there are is the sender's bound.
   *
   * @return false if the connection is over
   */
  public boolean sendBehind(F frame) {
    if (isEnded) {
      return false;
    }
    write(frame);
    return true;
  }

  /** Whether a frame would be sent now. */
  public boolean hasRoom() {
    return !isEnded && !socket.writeQueueFull();
  }

  /** Says what is to be done when there is room again. */
  public void whenRoom(Runnable then) {
    socket.drainHandler(drained -> then.run());
  }

  private void end() {
    isEnded = true;
    vertx.cancelTimer(words);
    if (!isTold) {
      isTold = true;
      ended.run();
    }
  }

  /** Ends it, whatever still waits to be sent. */
  // A connection that was over before it came here tells no handler of it.
  public void close() {
    isEnded = true;
    CloseNow.of(socket);
    vertx.runOnContext(next -> end());
  }

  @Override
  public String toString() {
    return String.valueOf(socket.remoteAddress());
  }
}
