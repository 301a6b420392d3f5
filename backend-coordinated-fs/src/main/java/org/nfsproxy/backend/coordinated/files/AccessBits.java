package org.nfsproxy.backend.coordinated.files;

/** Bits of ACCESS, RFC 1813 section 3.3.4. */
public final class AccessBits {
  /** Read a file or list a directory. */
  public static final int READ = 0x01;

  /** Look a name up in a directory. */
  public static final int LOOKUP = 0x02;

  /** Rewrite bytes of a file or entries of a directory. */
  public static final int MODIFY = 0x04;

  /** Add bytes to a file or entries to a directory. */
  public static final int EXTEND = 0x08;

  /** Delete an entry of a directory. */
  public static final int DELETE = 0x10;

  /** Execute a file. */
  public static final int EXECUTE = 0x20;

  private AccessBits() {}
}
