package org.nfsproxy.nfs.table;

/** Told what a walk over arguments or results meets, in the order of the bytes. */
public interface LayoutVisitor {
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

  /**
   * A part that has a meaning of its own.
   *
   * @param part which
   * @param at index of its first byte; of opaque data, behind its length
   * @param length bytes without padding
   */
  default void part(Part part, int at, int length) {}

  /**
   * An entry of a list begins.
   *
   * @param at index of the true before it
   */
  default void entry(int at) {}

  /**
   * The entry that began last has ended.
   *
   * @param at index behind it
   */
  default void entryEnds(int at) {}
}
