package org.nfsproxy.backend.coordinated.files;

/** Which names can be, RFC 1813 section 3.2. */
public final class Names {
  /** NAME_MAX of Linux. */
  public static final int BYTES_MAX = 255;

  private Names() {}

  /**
   * Refuses what no entry can be called.
   *
   * @param name the bytes
   * @throws FilesException NAMETOOLONG, or ACCES
   */
  public static void check(byte[] name) throws FilesException {
    if (name.length > BYTES_MAX) {
      throw new FilesException(Nfs3Status.NFS3ERR_NAMETOOLONG);
    }
    boolean possible = name.length > 0;
    for (byte character : name) {
      possible &= character != '/' && character != 0;
    }
    if (!possible) {
      throw new FilesException(Nfs3Status.NFS3ERR_ACCES);
    }
  }

  /**
   * Refuses that, and the two names that every directory has anyway.
   *
   * @param name the bytes
   * @param ifDots the status for those two
   * @throws FilesException why not
   */
  public static void checkNew(byte[] name, Nfs3Status ifDots) throws FilesException {
    check(name);
    if (isSelf(name) || isParent(name)) {
      throw new FilesException(ifDots);
    }
  }

  /**
   * Whether it is the directory itself.
   *
   * @param name the bytes
   * @return true for {@code .}
   */
  public static boolean isSelf(byte[] name) {
    return name.length == 1 && name[0] == '.';
  }

  /**
   * Whether it is the directory above.
   *
   * @param name the bytes
   * @return true for {@code ..}
   */
  public static boolean isParent(byte[] name) {
    return name.length == 2 && name[0] == '.' && name[1] == '.';
  }
}
