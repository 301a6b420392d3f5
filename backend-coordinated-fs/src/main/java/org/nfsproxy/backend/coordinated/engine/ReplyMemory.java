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
    return isLarge && maxCapacity >= pieceBytes
        ? toLeakAwareBuffer(new LargeReply(this, take(), maxCapacity))
        : PooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
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

  private void giveBack(ByteBuf piece) {
    synchronized (this) {
      if (!closed && kept.size() < keptMax) {
        kept.push(piece);
        return;
      }
    }
    piece.release();
  }

  /** A reply in a piece; one that grows beyond it moves out, and the piece stays until the end. */
  private static final class LargeReply extends UnpooledDirectByteBuf {
    private final ByteBuf piece;
    private boolean movedOut;

    LargeReply(ReplyMemory from, ByteBuf piece, int maxCapacity) {
      super(from, piece.nioBuffer(0, piece.capacity()), maxCapacity);
      this.piece = piece;
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
      ((ReplyMemory) alloc()).giveBack(piece);
    }
  }
}
