package org.nfsproxy.server.cache;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Found;

/**
 * Something whose data are to be here.
 *
 * @param path where it is
 * @param nfsVersion by which version of NFS
 * @param found what it is; null if that is not known yet
 * @param depth how many directories are between it and what was named
 */
record WarmItem(String path, int nfsVersion, @Nullable Found found, int depth) {
  boolean wasNamed() {
    return depth == 0;
  }
}
