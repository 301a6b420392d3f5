package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The other instances of this proxy, asked before the origin is for what is not here. For all
 * threads; nothing here waits.
 */
public interface Neighbourhood {
  /**
   * What is missing here.
   *
   * @param known the version that the origin told last; null if none
   * @param mayPut whether data that are fetched now will be proven to be of it
   * @param from offset of the first byte
   * @param to behind the last one
   */
  record Question(FileKey key, @Nullable FileVersion known, boolean mayPut, long from, long to) {}

  /** What is said at once. */
  sealed interface Word {}

  /**
   * Bytes will come, or not, in a bounded time.
   *
   * @param version what they are of
   * @param to behind the last of them
   */
  record Coming(FileVersion version, long to) implements Word {}

  /**
   * Nobody has it: the origin is to be asked.
   *
   * @param grant takes what is read; null if nobody does
   */
  record Fetch(@Nullable Grant grant) implements Word {}

  /** Takes what was read for the others too, whether any wait for it or not. */
  interface Grant {
    /**
     * Says that bytes have been read, are proven to be of a version, and are kept here.
     *
     * @param bytes stays the caller's
     */
    void put(FileVersion version, long offset, ByteBuf bytes);

    /** Says that there is nothing more to come. */
    void end();
  }

  /** Takes what is said and comes; on any thread, by one at a time. */
  interface Arrival {
    /** The first word, in a bounded time; before all else, and perhaps at once. */
    void said(Word word);

    /**
     * Some bytes.
     *
     * @param bytes stays the caller's
     */
    void arrived(FileVersion version, long offset, ByteBuf bytes);

    /** Nothing more comes. Told once, if {@link Coming} was said. */
    void ended();
  }

  /**
   * Asks whoever keeps that part of a file for all.
   *
   * @param arrival for what is said, and what comes
   */
  void ask(Question question, Arrival arrival);
}
