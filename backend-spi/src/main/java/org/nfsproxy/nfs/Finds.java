package org.nfsproxy.nfs;

/** Told what a walk over arguments meets, in the order of the bytes. */
interface Finds {
  /**
   * A filehandle.
   *
   * @param at index of its first byte, behind its length
   * @param length bytes without padding
   */
  void handle(int at, int length);

  /**
   * A name in a directory, or a path.
   *
   * @param at index of its first byte, behind its length
   * @param length bytes without padding
   */
  void name(int at, int length);

  /** A word that makes the operation one that writes. */
  void writes();
}
