package org.nfsproxy.backend.coordinated.files;

import java.util.Optional;

/**
 * An entry of a directory.
 *
 * @param fileid of the object in the directory's own filesystem; where another filesystem is
 *     mounted, of the directory under it
 * @param name the bytes of the name
 * @param cookie the place behind this entry
 * @param object what LOOKUP of the name would find, if it was asked for, the caller may look it up,
 *     and it is in the same filesystem
 */
public record DirectoryEntry(long fileid, byte[] name, long cookie, Optional<FoundObject> object) {
  /** Takes entries until there is no room for another. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Offers the next entry. The files may be asked meanwhile for anything but another listing.
     *
     * @param entry the entry
     * @return whether it was taken; if not, no further one is offered
     */
    boolean offer(DirectoryEntry entry);
  }

  /**
   * How a listing ended.
   *
   * @param directory the directory's attributes
   * @param verifier must come back with its cookies
   * @param end whether the last entry was taken
   */
  public record Listing(Attributes directory, long verifier, boolean end) {}
}
