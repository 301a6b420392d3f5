package org.nfsproxy.server.locks.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A file to which records are appended, and which is written anew when it has become long. Blocks;
 * used by one thread at a time.
 *
 * <pre>
 *  locks.journal:
 *  +----------+--------+-------+---------+--------+-------+-----
 *  | NFSPLCK1 | length | CRC32 | payload | length | CRC32 | ...
 *  +----------+--------+-------+---------+--------+-------+-----
 *   8 bytes    4        4 bytes, of the payload
 * </pre>
 */
// A process that is killed may leave a part of its last write. Reading ends at the first
// record that is not whole, and what is behind it is cut off: nothing behind it was said to be on
// disk.
//
// Two processes with one file would undo each other's, so the folder is locked while it is open.
public final class JournalFile implements AutoCloseable {
  /** Longer than any payload: three strings of 1024 bytes, a handle, a credential, and ranges. */
  static final int PAYLOAD_BYTES_MAX = 16 << 10;

  private static final byte[] MAGIC = "NFSPLCK1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 8;

  private final Path file;
  private final Path next;
  private final FileChannel lockChannel;
  private final List<byte[]> read = new ArrayList<>();
  private FileChannel channel;
  private volatile long bytes;
  private @Nullable FileChannel nextChannel;
  private long nextBytes;
  private long bytesCut;

  private JournalFile(Path directory, FileChannel lockChannel) throws IOException {
    this.file = directory.resolve("locks.journal");
    this.next = directory.resolve("locks.journal.new");
    this.lockChannel = lockChannel;
    this.channel = open(file, StandardOpenOption.CREATE);
    try {
      readAll();
    } catch (IOException | RuntimeException wrong) {
      channel.close();
      throw wrong;
    }
  }

  /**
   * Opens the journal of a directory, which is made if it is missing.
   *
   * @param directory where it is
   * @return the journal; its records are in {@link #takeRead}
   * @throws IOException if it cannot be read and written, is none, or is another process's
   */
  public static JournalFile open(Path directory) throws IOException {
    Files.createDirectories(directory);
    FileChannel lockChannel = open(directory.resolve("locks.lock"), StandardOpenOption.CREATE);
    try {
      FileLock lock = tryLock(lockChannel);
      if (lock == null) {
        throw new IOException("another process has " + directory);
      }
      return new JournalFile(directory, lockChannel);
    } catch (IOException | RuntimeException wrong) {
      lockChannel.close();
      throw wrong;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (java.nio.channels.OverlappingFileLockException ours) {
      return null;
    }
  }

  private static FileChannel open(Path path, StandardOpenOption how) throws IOException {
    return FileChannel.open(path, how, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private void readAll() throws IOException {
    long size = channel.size();
    if (size < MAGIC.length) {
      channel.truncate(0);
      writeFully(channel, ByteBuffer.wrap(MAGIC));
      channel.force(true);
      forceDirectory();
      bytes = MAGIC.length;
      return;
    }
    ByteBuffer magic = ByteBuffer.allocate(MAGIC.length);
    readFully(magic, 0);
    if (!magic.equals(ByteBuffer.wrap(MAGIC))) {
      throw new IOException(file + " is no journal of locks");
    }
    long at = MAGIC.length;
    for (byte[] payload = payload(at, size); payload != null; payload = payload(at, size)) {
      read.add(payload);
      at += HEADER_BYTES + payload.length;
    }
    bytesCut = size - at;
    if (bytesCut > 0) {
      channel.truncate(at);
      channel.force(true);
    }
    channel.position(at);
    bytes = at;
  }

  private byte @Nullable [] payload(long at, long size) throws IOException {
    if (size - at < HEADER_BYTES) {
      return null;
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    readFully(header, at);
    int length = header.getInt();
    int crc = header.getInt();
    if (length <= 0 || length > PAYLOAD_BYTES_MAX || size - at - HEADER_BYTES < length) {
      return null;
    }
    ByteBuffer payload = ByteBuffer.allocate(length);
    readFully(payload, at + HEADER_BYTES);
    return crc(payload.array()) == crc ? payload.array() : null;
  }

  private void readFully(ByteBuffer into, long at) throws IOException {
    long from = at;
    while (into.hasRemaining()) {
      int count = channel.read(into, from);
      if (count < 0) {
        throw new IOException(file + " became shorter while it was read");
      }
      from += count;
    }
    into.flip();
  }

  /** Hands over what was in the file, in its order, once. */
  public List<byte[]> takeRead() {
    List<byte[]> all = List.copyOf(read);
    read.clear();
    return all;
  }

  /**
   * What was cut off behind the last whole record.
   *
   * @return bytes, 0 for a file that was whole
   */
  public long bytesCut() {
    return bytesCut;
  }

  /**
   * How long the file is. May be asked from any thread.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }

  /**
   * Appends records.
   *
   * @param payloads each of 1 to 16,384 bytes
   * @param durable whether they are on disk when this returns
   * @throws IOException if they are not; the file is then as it was before
   */
  public void append(List<byte[]> payloads, boolean durable) throws IOException {
    ByteBuffer records = records(payloads, 0);
    int length = records.remaining();
    try {
      writeFully(channel, records);
      if (durable) {
        channel.force(false);
      }
    } catch (IOException full) {
      channel.truncate(bytes);
      channel.position(bytes);
      throw full;
    }
    bytes = bytes + length;
  }

  /**
   * Writes the file anew, with these records in place of all. It is on disk when this returns; if
   * it fails or the process dies before, the old one is still there.
   *
   * @param payloads all that counts
   * @throws IOException if it cannot be written
   */
  public void replace(List<byte[]> payloads) throws IOException {
    beginNext();
    appendNext(payloads);
    finishNext();
  }

  /**
   * Begins a new file beside this one, which stays in force until {@link #finishNext}. One that was
   * begun before is given up.
   *
   * @throws IOException if it cannot be made
   */
  public void beginNext() throws IOException {
    abandonNext();
    Files.deleteIfExists(next);
    nextChannel = open(next, StandardOpenOption.CREATE_NEW);
    nextBytes = MAGIC.length;
    writeFully(nextChannel, ByteBuffer.wrap(MAGIC));
  }

  /**
   * Appends records to the new file.
   *
   * @param payloads each of 1 to 16,384 bytes
   * @throws IOException if they cannot be written
   */
  public void appendNext(List<byte[]> payloads) throws IOException {
    ByteBuffer records = records(payloads, 0);
    int length = records.remaining();
    writeFully(begun(), records);
    nextBytes += length;
  }

  /**
   * Puts the new file in the place of the old one. It is on disk when this returns.
   *
   * @throws IOException if it cannot be written
   */
  public void finishNext() throws IOException {
    FileChannel fresh = begun();
    fresh.force(true);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    nextChannel = null;
    channel.close();
    channel = fresh;
    bytes = nextBytes;
    forceDirectory();
  }

  /** Gives up a new file, if one was begun. */
  public void abandonNext() throws IOException {
    FileChannel open = nextChannel;
    nextChannel = null;
    if (open != null) {
      open.close();
      Files.deleteIfExists(next);
    }
  }

  private FileChannel begun() {
    return Objects.requireNonNull(nextChannel, "a new file that was begun");
  }

  private static ByteBuffer records(List<byte[]> payloads, int magicBytes) {
    int length = magicBytes;
    for (byte[] payload : payloads) {
      if (payload.length == 0 || payload.length > PAYLOAD_BYTES_MAX) {
        throw new IllegalArgumentException("a record of " + payload.length + " bytes");
      }
      length = Math.addExact(length, HEADER_BYTES + payload.length);
    }
    ByteBuffer records = ByteBuffer.allocate(length).put(MAGIC, 0, magicBytes);
    for (byte[] payload : payloads) {
      records.putInt(payload.length).putInt(crc(payload)).put(payload);
    }
    return records.flip();
  }

  private static int crc(byte[] payload) {
    CRC32 crc = new CRC32();
    crc.update(payload);
    return (int) crc.getValue();
  }

  private static void writeFully(FileChannel to, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  // The name of a new file is on disk when its directory is.
  private void forceDirectory() throws IOException {
    Path directory = file.getParent();
    if (directory == null) {
      return;
    }
    try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      abandonNext();
      channel.close();
    } finally {
      lockChannel.close();
    }
  }
}
