package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;

/** What is written into each block, so that one of another directory, or from before, is told. */
// Nobody can guess it, and it leaves this machine by no reply. So a client that writes what looks
// like a block into a file of the origin makes none that is believed, wherever its bytes come to
// lie in a slab.
record StoreId(long first, long second) {
  static final int BYTES = 16;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new one. */
  static StoreId random() {
    return new StoreId(RANDOM.nextLong(), RANDOM.nextLong());
  }

  static StoreId read(ByteBuf buffer, int at) {
    return new StoreId(buffer.getLong(at), buffer.getLong(at + Long.BYTES));
  }

  void write(ByteBuf buffer, int at) {
    buffer.setLong(at, first).setLong(at + Long.BYTES, second);
  }
}
