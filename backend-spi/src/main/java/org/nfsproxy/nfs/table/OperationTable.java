package org.nfsproxy.nfs.table;

import java.util.Arrays;

/**
 * The rows of a COMPOUND's operations by their number. A look-up always has an answer: numbers
 * without a row have the row ILLEGAL, as on the wire.
 *
 * @param <O> the rows
 */
// Dense, since every operation of every call is looked up here: 76 slots for NFSv4.
public final class OperationTable<O extends CompoundOperation> {
  private final O illegal;
  private final O[] byNumber;
  private final int minorVersionMax;

  /**
   * Puts rows in their slots.
   *
   * @param illegal the row for numbers without one; its own number, 10044, gets no slot
   * @param rows all rows, with or without {@code illegal}
   * @throws IllegalStateException if two rows have one number
   */
  OperationTable(O illegal, O[] rows) {
    int highest = 0;
    int minorMax = 0;
    for (O row : rows) {
      if (row != illegal) {
        highest = Math.max(highest, row.number());
        minorMax = Math.max(minorMax, row.minorVersion());
      }
    }
    O[] slots = Arrays.copyOf(rows, highest + 1);
    Arrays.fill(slots, illegal);
    for (O row : rows) {
      if (row != illegal) {
        if (slots[row.number()] != illegal) {
          throw new IllegalStateException(
              row.label() + " has the number of " + slots[row.number()].label());
        }
        slots[row.number()] = row;
      }
    }
    this.illegal = illegal;
    this.byNumber = slots;
    this.minorVersionMax = minorMax;
  }

  /**
   * The row of a number in a minor version.
   *
   * @param number as on the wire
   * @param minorVersion as on the wire
   * @return the row, or {@link #illegal} if there is none or a later minor version brought it
   */
  public O find(int number, int minorVersion) {
    if (number < 0 || number >= byNumber.length) {
      return illegal;
    }
    O row = byNumber[number];
    return row.minorVersion() <= minorVersion ? row : illegal;
  }

  /**
   * The row that stands for all numbers without one.
   *
   * @return ILLEGAL
   */
  public O illegal() {
    return illegal;
  }

  /**
   * The highest minor version that has rows.
   *
   * @return 2
   */
  public int minorVersionMax() {
    return minorVersionMax;
  }
}
