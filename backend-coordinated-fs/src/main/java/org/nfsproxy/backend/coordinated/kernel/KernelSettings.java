package org.nfsproxy.backend.coordinated.kernel;

import java.util.List;

/**
 * What is served, and with which bounds.
 *
 * @param filesystems the members
 * @param openFilesMax objects kept open
 * @param sync whether changes of names and attributes are on disk before the reply
 */
public record KernelSettings(List<Place> filesystems, int openFilesMax, boolean sync) {
  /**
   * A member.
   *
   * @param id in its filehandles, and its fsid
   * @param path where it is mounted
   */
  public record Place(int id, String path) {}
}
