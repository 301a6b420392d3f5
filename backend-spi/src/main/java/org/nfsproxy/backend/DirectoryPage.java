package org.nfsproxy.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;

/**
 * A part of what is in a directory.
 *
 * @param entries what is in it
 * @param cookie where the next one begins
 * @param verifier what goes with the cookie
 * @param isLast whether there is no next one
 */
public record DirectoryPage(List<Entry> entries, long cookie, long verifier, boolean isLast) {
  /** What the first one is behind. */
  public static final DirectoryPage BEFORE = new DirectoryPage(List.of(), 0, 0, false);

  /**
   * What has a name in a directory.
   *
   * @param name its bytes, as on the wire
   * @param handle its filehandle; null if the origin did not tell it
   * @param identity what it is; null if the origin did not tell that
   */
  public record Entry(byte[] name, @Nullable Filehandle handle, @Nullable ObjectIdentity identity) {
    /**
     * Whether it is the directory itself, or the one above.
     *
     * @return true for the names {@code .} and {@code ..}
     */
    public boolean isDots() {
      return name.length == 1 && name[0] == '.'
          || name.length == 2 && name[0] == '.' && name[1] == '.';
    }
  }
}
