package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;

/**
 * What the instances of a proxy tell each other about filesystems. It may be old, or a lie: it says
 * what to ask the origin, and is never an answer itself.
 *
 * <p>All methods may be called from any thread, and none blocks.
 */
public interface PeerExports {
  /** Of an instance that is alone. */
  PeerExports NONE =
      new PeerExports() {
        @Override
        public Future<PeerExport> about(VersionedFsid fsid) {
          return Future.succeededFuture();
        }

        @Override
        public Collection<PeerExport> all() {
          return List.of();
        }

        @Override
        public Future<Boolean> firstWord() {
          return Future.succeededFuture(false);
        }

        @Override
        public void tell(PeerExport found) {}

        @Override
        public void tellAll(Collection<PeerExport> found) {}
      };

  /**
   * What is said of a filesystem.
   *
   * @return null if nobody says anything, or not at once; never fails
   */
  Future<PeerExport> about(VersionedFsid fsid);

  /** All that is said, by this instance too. */
  Collection<PeerExport> all();

  /**
   * Waits for the others, not for long.
   *
   * @return true once they were heard; false if there is nothing to be heard for now; never fails
   */
  Future<Boolean> firstWord();

  /**
   * Tells the others of a filesystem.
   *
   * @param found what the origin itself has said
   */
  void tell(PeerExport found);

  /**
   * Tells the others all there is to tell. What was told before and is not here, is withdrawn.
   *
   * @param found what the origin itself has said
   */
  void tellAll(Collection<PeerExport> found);
}
