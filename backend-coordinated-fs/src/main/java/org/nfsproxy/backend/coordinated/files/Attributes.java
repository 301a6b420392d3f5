package org.nfsproxy.backend.coordinated.files;

/**
 * {@code fattr3}, RFC 1813 section 2.5.
 *
 * @param type what it is
 * @param mode permission bits, with setuid, setgid and sticky (07777)
 * @param links names it has
 * @param uid owner
 * @param gid group
 * @param size bytes
 * @param used bytes it occupies; less than the size where there are holes
 * @param device major and minor number of a device; else {@link Device#NONE}
 * @param fsid of its filesystem
 * @param fileid unique within the filesystem
 * @param atime last read
 * @param mtime last change of the contents
 * @param ctime last change of contents or attributes
 */
public record Attributes(
    FileType type,
    int mode,
    int links,
    int uid,
    int gid,
    long size,
    long used,
    Device device,
    long fsid,
    long fileid,
    FileTime atime,
    FileTime mtime,
    FileTime ctime) {

  /**
   * {@code specdata3}.
   *
   * @param major the driver
   * @param minor the unit
   */
  public record Device(int major, int minor) {
    /** No device. */
    public static final Device NONE = new Device(0, 0);
  }
}
