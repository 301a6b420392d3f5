package org.nfsproxy.server.listen;

/**
 * Whether bytes that have begun to flow keep flowing: at least so many in each window of time.
 *
 * <pre>
 *  begin     window            window            window
 *  |--- 800 kB in 60 s ---|--- 800 kB ---| ... goes on
 *  |--- 60 bytes in 60 s ---|  too slow
 * </pre>
 */
// Asked once a second while the bytes may flow. A second in which we ourselves stand in the way is
// not asked about, and so counts for nothing.
final class Pace {
  private long bytes;
  private int seconds;

  void begin() {
    bytes = 0;
    seconds = 0;
  }

  void moved(long more) {
    bytes += more;
  }

  /**
   * Counts a second more.
   *
   * @param windowMillis how long a window is
   * @param bytesPerSecondMin what must flow in it, on average
   * @return true at the end of a window in which too little has
   */
  // Never early: of the first second, only a moment may have passed.
  boolean isTooSlow(int windowMillis, int bytesPerSecondMin) {
    if (seconds++ * 1000L < windowMillis) {
      return false;
    }
    boolean isTooSlow = bytes < (long) windowMillis * bytesPerSecondMin / 1000;
    begin();
    return isTooSlow;
  }
}
