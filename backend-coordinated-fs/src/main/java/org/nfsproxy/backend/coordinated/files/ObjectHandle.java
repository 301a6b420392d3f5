package org.nfsproxy.backend.coordinated.files;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An object of one of the filesystems, and its NFSv3 filehandle.
 *
 * <pre>
 *  0         1       2            6            8
 *  +---------+-------+------------+------------+-------------------------+
 *  |version 1|flags 0| filesystem |handle type | the filesystem's handle |
 *  +---------+-------+------------+------------+-------------------------+
 *      1         1         4            2            0 to 56 bytes
 * </pre>
 *
 * <p>All numbers are big-endian. The handle type and the bytes behind it belong to the filesystem:
 * for a kernel's they are what name_to_handle_at(2) gave.
 */
public final class ObjectHandle {
  /** The longest handle of a filesystem; with the header 64 bytes, RFC 1813 section 2.4. */
  public static final int BYTES_MAX = 56;

  /** Stands for bytes that are no handle of ours; every operation on it ends in BADHANDLE. */
  public static final ObjectHandle NOT_OURS = new ObjectHandle(0, 0, new byte[0]);

  private static final int HEADER_BYTES = 8;
  private static final byte VERSION = 1;
  private static final byte NO_FLAGS = 0;

  private final int filesystem;
  private final int type;
  private final byte[] bytes;

  private ObjectHandle(int filesystem, int type, byte[] bytes) {
    this.filesystem = filesystem;
    this.type = type;
    this.bytes = bytes;
  }

  /**
   * Names an object.
   *
   * @param filesystem id of the filesystem
   * @param type the filesystem's handle type, 0 to 65535
   * @param bytes the filesystem's handle, at most {@link #BYTES_MAX}; now this object's
   * @return the handle
   */
  public static ObjectHandle of(int filesystem, int type, byte[] bytes) {
    if (bytes.length > BYTES_MAX || type != (type & 0xffff)) {
      throw new IllegalArgumentException("handle type " + type + ", " + bytes.length + " bytes");
    }
    return new ObjectHandle(filesystem, type, bytes);
  }

  /**
   * Reads a filehandle.
   *
   * @param wire the filehandle as it came
   * @return the handle, or {@link #NOT_OURS}
   */
  public static ObjectHandle read(byte[] wire) {
    if (wire.length < HEADER_BYTES
        || wire.length > HEADER_BYTES + BYTES_MAX
        || wire[0] != VERSION
        || wire[1] != NO_FLAGS) {
      return NOT_OURS;
    }
    ByteBuffer header = ByteBuffer.wrap(wire);
    return new ObjectHandle(
        header.getInt(2),
        header.getShort(6) & 0xffff,
        Arrays.copyOfRange(wire, HEADER_BYTES, wire.length));
  }

  /**
   * The filehandle.
   *
   * @return 8 to 64 bytes
   */
  public byte[] wire() {
    return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
        .put(VERSION)
        .put(NO_FLAGS)
        .putInt(filesystem)
        .putShort((short) type)
        .put(bytes)
        .array();
  }

  /**
   * Which filesystem.
   *
   * @return its id
   */
  public int filesystem() {
    return filesystem;
  }

  /**
   * The filesystem's handle type.
   *
   * @return 0 to 65535
   */
  public int type() {
    return type;
  }

  /**
   * The filesystem's handle.
   *
   * @return not to be changed
   */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectHandle that
        && filesystem == that.filesystem
        && type == that.type
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return (31 * filesystem + type) * 31 + Arrays.hashCode(bytes);
  }
}
