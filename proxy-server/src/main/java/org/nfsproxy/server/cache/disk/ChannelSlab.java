package org.nfsproxy.server.cache.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A slab that is a file. */
// It is the one that was opened wherever it is moved to. Whether its directory is where it was is
// asked for each write, since with all slabs open nobody would ask otherwise.
record ChannelSlab(FileChannel channel, OpenDirectory directory) implements SlabFile {
  @Override
  public int read(ByteBuffer into, long at) throws IOException {
    int read = 0;
    while (into.hasRemaining()) {
      int more = channel.read(into, at + read);
      if (more < 0) {
        return read;
      }
      read += more;
    }
    return read;
  }

  @Override
  public void write(ByteBuffer from, long at) throws IOException {
    directory.requireThere();
    long next = at;
    while (from.hasRemaining()) {
      next += channel.write(from, next);
    }
  }

  @Override
  public void empty() throws IOException {
    channel.truncate(0);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
