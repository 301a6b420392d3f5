package org.nfsproxy.backend.coordinated.files;

/**
 * What FSINFO and PATHCONF tell of a filesystem, RFC 1813 sections 3.3.19 and 3.3.20.
 *
 * @param fileBytesMax the largest size of a file
 * @param timeGranularity the smallest difference between two times
 * @param properties {@code FSF3_*} bits
 * @param linksMax hard links to one object
 * @param nameBytesMax the longest name
 * @param noTruncation whether a longer name is refused, not cut
 * @param chownRestricted whether only root may give an object away
 * @param caseInsensitive whether names that differ in case are one
 * @param casePreserving whether a name keeps its case
 */
public record FilesystemLimits(
    long fileBytesMax,
    FileTime timeGranularity,
    int properties,
    int linksMax,
    int nameBytesMax,
    boolean noTruncation,
    boolean chownRestricted,
    boolean caseInsensitive,
    boolean casePreserving) {
  /** Hard links are supported. */
  public static final int FSF3_LINK = 0x1;

  /** Symbolic links are supported. */
  public static final int FSF3_SYMLINK = 0x2;

  /** PATHCONF is the same for all objects of the filesystem. */
  public static final int FSF3_HOMOGENEOUS = 0x8;

  /** SETATTR can set times to the nanosecond. */
  public static final int FSF3_CANSETTIME = 0x10;
}
