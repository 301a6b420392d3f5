package org.nfsproxy.backend.coordinated.files;

/** {@code ftype3}, RFC 1813 section 2.5. The wire's number is the ordinal plus 1. */
public enum FileType {
  /** A regular file. */
  NF3REG,
  /** A directory. */
  NF3DIR,
  /** A block device. */
  NF3BLK,
  /** A character device. */
  NF3CHR,
  /** A symbolic link. */
  NF3LNK,
  /** A socket. */
  NF3SOCK,
  /** A named pipe. */
  NF3FIFO;

  private static final FileType[] ALL = values();

  /**
   * The type's number on the wire.
   *
   * @return 1 to 7
   */
  public int number() {
    return ordinal() + 1;
  }

  /**
   * The type of a number.
   *
   * @param number 1 to 7
   * @return the type
   */
  public static FileType of(int number) {
    return ALL[number - 1];
  }

  /**
   * How many there are.
   *
   * @return the largest number
   */
  public static int numberMax() {
    return ALL.length;
  }

  /**
   * Whether objects of this type have a device number.
   *
   * @return true for block and character devices
   */
  public boolean isDevice() {
    return this == NF3BLK || this == NF3CHR;
  }
}
