package org.nfsproxy.server.cache.disk;

import java.io.IOException;
import java.util.List;

/** A directory that could not be opened, so that the cache has failed from the start. */
record FailedFolder(IOException why) implements SlabFolder {
  private IOException again() {
    return new IOException(why.getMessage(), why);
  }

  @Override
  public byte[] header() throws IOException {
    throw again();
  }

  @Override
  public void header(byte[] bytes) throws IOException {
    throw again();
  }

  @Override
  public List<Integer> numbers() throws IOException {
    throw again();
  }

  @Override
  public SlabFile open(int number) throws IOException {
    throw again();
  }

  @Override
  public void delete(int number) throws IOException {
    throw again();
  }

  @Override
  public void close() {}
}
