package org.nfsproxy.server.locks;

/**
 * One time of one instance as the owner of all locks.
 *
 * @param number larger than those of all terms before it that anybody knew of
 * @param tag at random: two instances that do not hear each other may begin one of the same number
 */
record TermId(long number, long tag) {
  /** That of a journal that was never shared. */
  static final TermId NONE = new TermId(0, 0);

  /** As a part of a key. */
  String text() {
    return Long.toHexString(number) + "-" + Long.toHexString(tag);
  }
}
