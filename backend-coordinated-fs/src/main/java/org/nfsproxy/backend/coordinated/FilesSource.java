package org.nfsproxy.backend.coordinated;

import java.util.List;
import java.util.Map;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.configuration.Problem;

/** Where a backend's files come from, and what becomes of them while it serves. */
interface FilesSource {
  /**
   * Opens them. Called once, on a thread that does no file work; may block.
   *
   * @return the files
   * @throws Exception why not, and the cure: for an administrator to read
   */
  Files open() throws Exception;

  /**
   * What {@link #open} would fail for, as far as it is known without opening anything.
   *
   * @return what is wrong, by its key
   */
  default List<Problem> unfit() {
    return List.of();
  }

  /**
   * What an administrator should read, once they are open.
   *
   * @return one line each
   */
  List<Notice> notices();

  /**
   * Introduces the other instances, and takes account of what they said so far. Called after {@link
   * #open}; must not block.
   *
   * @param fleet the instances
   */
  default void join(Fleet fleet) {}

  /**
   * How many there are, as of now.
   *
   * @return numbers by a name in camel case
   */
  default Map<String, Long> counts() {
    return Map.of();
  }

  /** Does what is to be done now and then. Called on a worker; may block. */
  default void tidy() {}

  /** Closes them. Called when no call is executed any more; may block. */
  default void close() {}

  /** Files that are there already. */
  static FilesSource of(Files files) {
    return new FilesSource() {
      @Override
      public Files open() {
        return files;
      }

      @Override
      public List<Notice> notices() {
        return files.exports().stream()
            .map(export -> new Notice(false, "serves " + export.path()))
            .toList();
      }
    };
  }
}
