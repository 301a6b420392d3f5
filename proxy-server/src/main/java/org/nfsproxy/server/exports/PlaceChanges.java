package org.nfsproxy.server.exports;

import java.util.List;
import org.nfsproxy.server.policy.HeldParameters;

/**
 * Told when filesystems change their places, before anybody sees it: whoever applies rules of paths
 * decides what stays. Under a lock; must not block.
 */
public interface PlaceChanges {
  /** Of those who apply no rules. */
  PlaceChanges NONE =
      new PlaceChanges() {
        @Override
        public void losesPaths(Export export, List<String> remaining) {}

        @Override
        public void leaves(Export export) {}

        @Override
        public void arrives(Export export, String path) {}

        @Override
        public void merges(Export goes, Export stays) {}

        @Override
        public void holds(Export export, HeldParameters held) {}

        @Override
        public boolean mayContain(Export export, String path) {
          return true;
        }
      };

  /**
   * A filesystem is about to lose paths, and with them the rules that held for it.
   *
   * @param export the filesystem, its paths as they were
   * @param remaining its paths from then on, that of its root first; empty if it is forgotten
   */
  void losesPaths(Export export, List<String> remaining);

  /**
   * The root of a filesystem is about to be where it was no more.
   *
   * @param export the filesystem, its path as it was
   */
  void leaves(Export export);

  /** The root of a filesystem is about to have a path. */
  void arrives(Export export, String path);

  /**
   * Two filesystems turned out to be one.
   *
   * @param goes known no more from then on
   * @param stays known as both from then on
   */
  void merges(Export goes, Export stays);

  /**
   * A filesystem that was forgotten is met again.
   *
   * @param held what {@link Export#held} was
   */
  void holds(Export export, HeldParameters held);

  /**
   * Whether a path, not its root's, may be taken for one in a filesystem.
   *
   * @param export the filesystem that the path leads into
   * @return false if rules must not hold for the filesystem because of this path
   */
  boolean mayContain(Export export, String path);
}
