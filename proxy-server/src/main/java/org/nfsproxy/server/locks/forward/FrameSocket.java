package org.nfsproxy.server.locks.forward;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import org.nfsproxy.rpc.HeapRecords;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.server.socket.CloseNow;
import org.nfsproxy.xdr.XdrException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One side of a connection of frames. Used on one event loop. */
// Both sides say a word each second, and whoever hears none for some seconds takes the other for
// gone: an address that has moved to a machine that is down sends nothing back.
final class FrameSocket {
  private static final int WORD_MILLIS = 1_000;
  private static final int SILENT_WORDS_MAX = 3;

  /** Some hundred calls that the other side has not read; more are dropped, and come again. */
  private static final int UNSENT_BYTES_MAX = 1 << 20;

  private static final Logger log = LoggerFactory.getLogger(FrameSocket.class);

  private final NetSocket socket;
  private final Vertx vertx;
  private final Runnable ended;
  private final long words;
  private int silentWords;
  private boolean isEnded;
  private boolean isTold;

  /**
   * Takes a connection over.
   *
   * @param frames is given what comes
   * @param ended told once, when it is over
   */
  FrameSocket(Vertx vertx, NetSocket socket, Consumer<Frame> frames, Runnable ended) {
    this.vertx = vertx;
    this.socket = socket;
    this.ended = ended;
    HeapRecords records = new HeapRecords(Frame.BYTES_MAX, record -> take(record, frames));
    socket.setWriteQueueMaxSize(UNSENT_BYTES_MAX);
    socket.handler(bytes -> read(records, ((BufferInternal) bytes).getByteBuf()));
    socket.exceptionHandler(broken -> log.debug("a connection between instances", broken));
    socket.closeHandler(closed -> end());
    words = vertx.setPeriodic(WORD_MILLIS, timer -> word());
  }

  private void word() {
    if (silentWords++ >= SILENT_WORDS_MAX) {
      close();
    } else {
      send(new Frame.Alive());
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

  private void take(ByteBuf record, Consumer<Frame> frames) {
    if (!isEnded) {
      silentWords = 0;
      frames.accept(Frame.read(record));
    }
  }

  /**
   * Sends a frame, unless too much waits already.
   *
   * @return whether it was sent
   */
  boolean send(Frame frame) {
    if (isEnded || socket.writeQueueFull()) {
      return false;
    }
    socket.write(Buffer.buffer(Frame.bytes(frame)));
    return true;
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
  void close() {
    isEnded = true;
    CloseNow.of(socket);
    vertx.runOnContext(next -> end());
  }

  @Override
  public String toString() {
    return String.valueOf(socket.remoteAddress());
  }
}
