package org.nfsproxy.nfs.table;

import io.netty.buffer.ByteBuf;

/**
 * The attributes of NFSv2 and NFSv3 in a reply, which have fixed places.
 *
 * <pre>
 *  fattr3, RFC 1813 section 2.6:                     fattr, RFC 1094 section 2.3.5:
 *  0     4           44     52       60     84       0     4           36     40       44     68
 *  +-----+- - - - - -+------+--------+- - - +        +-----+- - - - - -+------+--------+- - - +
 *  |type |           | fsid | fileid |      |        |type |           | fsid | fileid |      |
 *  +-----+- - - - - -+------+--------+- - - +        +-----+- - - - - -+------+--------+- - - +
 * </pre>
 */
public enum ServerAttributes {
  /** Of NFSv2: fsid and fileid have 32 bits. */
  NFS2(68, 36, 40) {
    @Override
    long number(ByteBuf buffer, int at) {
      return buffer.getUnsignedInt(at);
    }
  },
  /** Of NFSv3: fsid and fileid have 64 bits. */
  NFS3(84, 44, 52) {
    @Override
    long number(ByteBuf buffer, int at) {
      return buffer.getLong(at);
    }
  };

  private final int bytes;
  private final int fsidAt;
  private final int fileidAt;

  ServerAttributes(int bytes, int fsidAt, int fileidAt) {
    this.bytes = bytes;
    this.fsidAt = fsidAt;
    this.fileidAt = fileidAt;
  }

  abstract long number(ByteBuf buffer, int at);

  /**
   * How long they are.
   *
   * @return bytes
   */
  public int bytes() {
    return bytes;
  }

  /**
   * What kind of object it is.
   *
   * @param buffer the record
   * @param at index of the attributes' first byte
   * @return as on the wire: 1 a regular file, 2 a directory
   */
  public int type(ByteBuf buffer, int at) {
    return buffer.getInt(at);
  }

  /**
   * Its filesystem.
   *
   * @param buffer the record
   * @param at index of the attributes' first byte
   * @return fsid
   */
  public long fsid(ByteBuf buffer, int at) {
    return number(buffer, at + fsidAt);
  }

  /**
   * Its number within the filesystem.
   *
   * @param buffer the record
   * @param at index of the attributes' first byte
   * @return fileid
   */
  public long fileid(ByteBuf buffer, int at) {
    return number(buffer, at + fileidAt);
  }
}
