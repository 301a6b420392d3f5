package org.nfsproxy.backend.coordinated.memory;

import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/**
 * What a filesystem in memory is made with.
 *
 * @param id in filehandles; no two filesystems of a group share it
 * @param fsid in attributes
 * @param bytesMax what files, their names and contents may occupy
 * @param handleBytes length of the filesystem's part of its filehandles, 16 to 56; a filehandle is
 *     8 longer
 */
public record Volume(int id, long fsid, long bytesMax, int handleBytes) {
  /** Room for a fileid and a generation. */
  public static final int HANDLE_BYTES_MIN = 16;

  /** Enough for the demo and for a test that fills it. */
  public static final long BYTES_MAX_DEFAULT = 64L << 20;

  /** Checks the length of handles. */
  public Volume {
    if (handleBytes < HANDLE_BYTES_MIN || handleBytes > ObjectHandle.BYTES_MAX) {
      throw new IllegalArgumentException("handles of " + handleBytes + " bytes");
    }
  }

  /**
   * A volume of the default size with the shortest handles.
   *
   * @param id in filehandles
   * @param fsid in attributes
   * @return the volume
   */
  public static Volume of(int id, long fsid) {
    return new Volume(id, fsid, BYTES_MAX_DEFAULT, HANDLE_BYTES_MIN);
  }
}
