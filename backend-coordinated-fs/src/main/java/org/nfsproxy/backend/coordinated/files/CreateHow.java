package org.nfsproxy.backend.coordinated.files;

/** {@code createhow3}: what CREATE does about an object that exists, RFC 1813 section 3.3.8. */
public sealed interface CreateHow {
  /**
   * A regular file that exists will do.
   *
   * @param attributes of a new file; of one that exists only the size is set
   */
  record Unchecked(AttributeChange attributes) implements CreateHow {}

  /**
   * Any object that exists is an error.
   *
   * @param attributes of the new file
   */
  record Guarded(AttributeChange attributes) implements CreateHow {}

  /**
   * A file that exists will do if it was made by this very call: so a client may repeat it.
   *
   * @param verifier unique to the call; kept with the file
   */
  record Exclusive(long verifier) implements CreateHow {}
}
