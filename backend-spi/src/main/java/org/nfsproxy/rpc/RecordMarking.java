package org.nfsproxy.rpc;

/**
 * Record marking, RFC 5531 section 11: on TCP each message is a sequence of fragments, and a
 * fragment is a marker and its bytes.
 *
 * <pre>
 *   bit 31       bits 30 to 0
 *  +------------+----------------+---------------------+
 *  | last: 0, 1 | length (bytes) | length bytes        |
 *  +------------+----------------+---------------------+
 * </pre>
 */
public final class RecordMarking {
  /** Bytes of a marker. */
  public static final int MARKER_BYTES = 4;

  private static final int LAST = 0x8000_0000;

  private RecordMarking() {}

  /**
   * The marker of a record that is a single fragment.
   *
   * @param length bytes behind the marker
   * @return the marker
   */
  public static int lastFragment(int length) {
    return LAST | length;
  }

  /**
   * Whether a marker ends its record.
   *
   * @param marker the marker
   * @return true for the last fragment
   */
  public static boolean isLast(int marker) {
    return marker < 0;
  }

  /**
   * The length a marker announces.
   *
   * @param marker the marker
   * @return 0 to 2^31-1
   */
  public static int length(int marker) {
    return marker & ~LAST;
  }
}
