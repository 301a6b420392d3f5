package org.nfsproxy.server.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.nfsproxy.server.call.CallSummary;

/**
 * The exports that one event loop counts for, each by a small number: three for what is no export
 * that is counted by itself, then one for each of the first so many. One thread counts, any thread
 * reads.
 */
// An export has an index, which another gets when there are more exports than are kept
// (limits.exportsMax), and a number that none gets again. Who has an index first keeps its place
// here; a later one of that index is among the rest.
final class ExportSlots {
  /** Calls that are about no filesystem. */
  static final int NONE = 0;

  /** Calls about a filehandle nobody knew, nor its reply told. */
  static final int UNKNOWN = 1;

  /** Exports beyond the bound. */
  static final int OTHER = 2;

  private static final int FIRST = 3;

  private final long[] numbers;
  private final AtomicReferenceArray<Flow> flows;

  ExportSlots(int exportsMax) {
    numbers = new long[exportsMax];
    flows = new AtomicReferenceArray<>(FIRST + exportsMax);
    for (int slot = 0; slot < FIRST; slot++) {
      flows.set(slot, Flow.ofExport());
    }
  }

  /** The slot of an export; by the thread that counts. */
  int of(long number) {
    if (number == CallSummary.NO_EXPORT) {
      return NONE;
    }
    if (number == CallSummary.UNKNOWN_EXPORT) {
      return UNKNOWN;
    }
    int index = (int) number;
    if (index < 0 || index >= numbers.length) {
      return OTHER;
    }
    if (numbers[index] == number) {
      return FIRST + index;
    }
    return numbers[index] == 0 ? begin(index, number) : OTHER;
  }

  private int begin(int index, long number) {
    numbers[index] = number;
    flows.setRelease(FIRST + index, Flow.ofExport());
    return FIRST + index;
  }

  Flow flow(int slot) {
    return flows.getPlain(slot);
  }

  int count() {
    return flows.length();
  }

  /** What was counted in a slot; null for nothing. For any thread. */
  Flow read(int slot) {
    return flows.getAcquire(slot);
  }

  /** The export of a slot whose flow was read: its number, or a word for what is none. */
  Object name(int slot) {
    return switch (slot) {
      case NONE -> "none";
      case UNKNOWN -> "unknown";
      case OTHER -> "other";
      default -> numbers[slot - FIRST];
    };
  }
}
