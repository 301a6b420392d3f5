package org.nfsproxy.backend;

/**
 * What the origin says an object is.
 *
 * @param fsidMajor the filesystem; in NFSv3 all of its 64 bits
 * @param fsidMinor the rest of an NFSv4 fsid; 0 in NFSv3
 * @param fileid unique within the filesystem, where the origin's filesystem keeps that promise
 * @param type as RFC 1813 {@code ftype3} and RFC 8881 {@code nfs_ftype4} number it: 1 a regular
 *     file, 2 a directory
 */
public record ObjectIdentity(long fsidMajor, long fsidMinor, long fileid, int type) {
  /** The number of a regular file. */
  public static final int REGULAR = 1;

  /** The number of a symbolic link. */
  public static final int LINK = 5;

  /** The number of a directory. */
  public static final int DIRECTORY = 2;
}
