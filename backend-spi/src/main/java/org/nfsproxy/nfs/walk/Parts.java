package org.nfsproxy.nfs.walk;

import java.util.Arrays;
import org.nfsproxy.nfs.table.LayoutVisitor;
import org.nfsproxy.nfs.table.Part;

/**
 * What a walk over a reply found, in the order of the bytes. Valid until the next walk.
 *
 * <p>Within a list each entry begins with a {@link Part#ENTRY}; the parts up to the next are its
 * own.
 */
// Columns that grow as parts are really there. A directory of 100,000 entries would leave them
// large for good, so above PARTS_KEPT the next walk begins with small ones.
public final class Parts {
  private static final int PARTS_USUAL = 32;

  /** READDIR's usual 32 KiB have some 600 entries of two or three parts. */
  static final int PARTS_KEPT = 4096;

  private final Found found = new Found();
  private Part[] part = new Part[PARTS_USUAL];
  private int[] at = new int[PARTS_USUAL];
  private int[] length = new int[PARTS_USUAL];
  private int count;
  private int openEntry;

  Parts() {}

  LayoutVisitor found() {
    return found;
  }

  void clear() {
    count = 0;
    if (part.length > PARTS_KEPT) {
      resize(PARTS_USUAL);
    }
  }

  /** Forgets all but the first ones. */
  void truncate(int count) {
    this.count = count;
  }

  private void resize(int length) {
    this.part = Arrays.copyOf(this.part, length);
    this.at = Arrays.copyOf(this.at, length);
    this.length = Arrays.copyOf(this.length, length);
  }

  private void add(Part part, int at, int length) {
    if (count == this.part.length) {
      resize(2 * count);
    }
    this.part[count] = part;
    this.at[count] = at;
    this.length[count++] = length;
  }

  /**
   * How many parts were found.
   *
   * @return 0 or more
   */
  public int count() {
    return count;
  }

  /**
   * Which part it is.
   *
   * @param i 0 to {@link #count} - 1
   * @return the part
   */
  public Part part(int i) {
    return part[checked(i)];
  }

  /**
   * Where it begins.
   *
   * @param i 0 to {@link #count} - 1
   * @return index in the buffer that was walked
   */
  public int at(int i) {
    return at[checked(i)];
  }

  /**
   * How long it is.
   *
   * @param i 0 to {@link #count} - 1
   * @return bytes, without padding
   */
  public int length(int i) {
    return length[checked(i)];
  }

  /**
   * Finds the first of its kind.
   *
   * @param wanted which
   * @param from the first part to look at
   * @param to behind the last one to look at
   * @return its number; -1 if there is none
   */
  public int find(Part wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (part[checked(i)] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Finds the first of its kind in all of them.
   *
   * @param wanted which
   * @return its number; -1 if there is none
   */
  public int find(Part wanted) {
    return find(wanted, 0, count);
  }

  private int checked(int i) {
    if (i < 0 || i >= count) {
      throw new IndexOutOfBoundsException("part " + i + " of " + count);
    }
    return i;
  }

  private final class Found implements LayoutVisitor {
    @Override
    public void handle(int at, int length) {
      add(Part.HANDLE, at, length);
    }

    @Override
    public void name(int at, int length) {
      add(Part.NAME, at, length);
    }

    // Results do not say what the call asked for.
    @Override
    public void writes() {}

    @Override
    public void part(Part part, int at, int length) {
      add(part, at, length);
    }

    @Override
    public void entry(int at) {
      openEntry = count;
      add(Part.ENTRY, at, 0);
    }

    @Override
    public void entryEnds(int end) {
      length[openEntry] = end - at[openEntry];
    }
  }
}
