package org.nfsproxy.backend.coordinated.engine;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for replies. That of large ones is not made and unmade for each call: it is kept, in
 * pieces that hold the largest reply, for the next. Any thread may use it and release buffers.
 */
// What new memory costs is not the asking: Java fills it with zeros, the kernel did so before, page
// by page, and takes it down again afterwards. That was more than half of a READ of 1 MiB.
//
// Kept pieces are a stack: the one that was sent last is the one a processor still has in its
// cache, and those at the bottom are those that nobody needs. tidy() lets go of the ones that were
// not touched since the tidy() before. So what is kept follows the load down, to nothing.
public final class ReplyMemory extends AbstractByteBufAllocator implements AutoCloseable {
  /** Up to here Netty's own pool does as well: a chunk of its 4 MiB is seldom all unused. */
  private static final int SMALL_BYTES_MAX = 64 << 10;

  /**
   * Longer replies are counted until they are released. Of shorter ones a connection has so few,
   * and they are so small, that its bound on calls is theirs too.
   */
  static final int COUNTED_FROM_BYTES = 1024;

  /** Of pieces, which live longer than any buffer; what is watched for leaks is each use. */
  private static final UnpooledByteBufAllocator PIECES = new UnpooledByteBufAllocator(true, true);

  private final int pieceBytes;
  private final int keptMax;
  private final ArrayDeque<ByteBuf> kept = new ArrayDeque<>();
  private int untouched;
  private boolean closed;

  /**
   * Nothing is kept yet.
   *
   * @param pieceBytes the largest reply that is expected; a larger one is copied as it grows
   * @param keptBytesMax bytes kept, in whole pieces
   */
  public ReplyMemory(int pieceBytes, long keptBytesMax) {
    super(true);
    this.pieceBytes = pieceBytes;
    this.keptMax = (int) Math.min(Integer.MAX_VALUE, keptBytesMax / pieceBytes);
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return PooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    boolean isLarge = initialCapacity > SMALL_BYTES_MAX && initialCapacity <= pieceBytes;
    if (isLarge && maxCapacity >= pieceBytes) {
      return reply(take(), true, maxCapacity);
    }
    ByteBuf pooled = PooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
    return initialCapacity > COUNTED_FROM_BYTES ? reply(pooled, false, maxCapacity) : pooled;
  }

  // Not even for want of the little memory that this takes may the piece be lost.
  private ByteBuf reply(ByteBuf piece, boolean isKept, int maxCapacity) {
    CountedReply reply = null;
    try {
      reply = new CountedReply(this, piece, isKept, maxCapacity);
      return toLeakAwareBuffer(reply);
    } catch (RuntimeException | Error fault) {
      if (reply == null) {
        piece.release();
      } else {
        reply.release();
      }
      throw fault;
    }
  }

  /**
   * Has something done when a reply's memory is released.
   *
   * @param reply a buffer that nobody has released
   * @param work what to do then
   * @return false if it is none of those that are counted, and nothing will be done
   */
  static boolean whenFreed(ByteBuf reply, Runnable work) {
    ByteBuf inner = reply;
    while (inner != null && !(inner instanceof CountedReply)) {
      inner = inner.unwrap();
    }
    if (inner == null) {
      return false;
    }
    ((CountedReply) inner).whenFreed = work;
    return true;
  }

  @Override
  public boolean isDirectBufferPooled() {
    return true;
  }

  /**
   * What is kept and not in use.
   *
   * @return bytes
   */
  public synchronized long keptBytes() {
    return (long) kept.size() * pieceBytes;
  }

  /** Lets go of what nobody has used since this was called last. */
  public void tidy() {
    List<ByteBuf> idle = new ArrayList<>();
    synchronized (this) {
      while (untouched > 0) {
        idle.add(kept.removeLast());
        untouched--;
      }
      untouched = kept.size();
    }
    idle.forEach(ByteBuf::release);
  }

  /** Lets go of all, and from now on of what comes back. */
  @Override
  public void close() {
    List<ByteBuf> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(kept);
      kept.clear();
      untouched = 0;
    }
    all.forEach(ByteBuf::release);
  }

  private ByteBuf take() {
    synchronized (this) {
      if (!kept.isEmpty()) {
        ByteBuf last = kept.pop();
        untouched = Math.min(untouched, kept.size());
        return last;
      }
    }
    return PIECES.directBuffer(pieceBytes, pieceBytes);
  }

  private void giveBack(ByteBuf piece, boolean isKept) {
    synchronized (this) {
      if (isKept && !closed && kept.size() < keptMax) {
        kept.push(piece);
        return;
      }
    }
    piece.release();
  }

  /** A reply in a piece; one that grows beyond it moves out, and the piece stays until the end. */
  private static final class CountedReply extends UnpooledDirectByteBuf {
    private final ByteBuf piece;
    private final boolean isKept;
    private boolean movedOut;
    private volatile Runnable whenFreed = () -> {};

    CountedReply(ReplyMemory from, ByteBuf piece, boolean isKept, int maxCapacity) {
      super(from, piece.nioBuffer(0, piece.capacity()), maxCapacity);
      this.piece = piece;
      this.isKept = isKept;
      clear();
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
      movedOut |= newCapacity != capacity();
      return super.capacity(newCapacity);
    }

    @Override
    public boolean hasMemoryAddress() {
      return movedOut ? super.hasMemoryAddress() : piece.hasMemoryAddress();
    }

    @Override
    public long memoryAddress() {
      return movedOut ? super.memoryAddress() : piece.memoryAddress();
    }

    @Override
    protected void deallocate() {
      super.deallocate();
      ((ReplyMemory) alloc()).giveBack(piece, isKept);
      whenFreed.run();
    }
  }
}
