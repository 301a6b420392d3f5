package org.nfsproxy.server.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file of a model of an origin: what it holds, and what its origin tells of its version, by a
 * clock that ticks seldom.
 */
// A change is shown in two steps, as in Linux: first the version, then the bytes. Every state that
// could be read is remembered with the time from which on it could.
final class TickingFile {
  /** What could be read from a time on. */
  record Shown(long fromMillis, byte[] bytes) {}

  final int number;
  private final int tickMillis;
  private final boolean hasCounter;
  private final List<Shown> shown = new ArrayList<>();
  private byte[] becoming;
  private long counter;
  private long changedMillis;

  /**
   * A new file.
   *
   * @param tickMillis how long a tick of the clock is that its times are from
   * @param hasCounter whether its {@code change} counts, or is that clock's
   */
  TickingFile(int number, byte[] bytes, int tickMillis, boolean hasCounter, long nowMillis) {
    this.number = number;
    this.tickMillis = tickMillis;
    this.hasCounter = hasCounter;
    this.changedMillis = tick(nowMillis);
    shown.add(new Shown(nowMillis, bytes));
  }

  private long tick(long nowMillis) {
    return nowMillis - Math.floorMod(nowMillis, tickMillis);
  }

  boolean isChanging() {
    return becoming != null;
  }

  /** Shows the version of a change whose bytes are not there yet. */
  void beginChange(byte[] bytes, long nowMillis) {
    becoming = bytes;
    counter++;
    changedMillis = tick(nowMillis);
  }

  /** Shows its bytes. */
  void endChange(long nowMillis) {
    shown.add(new Shown(nowMillis, becoming));
    becoming = null;
  }

  byte[] bytes() {
    return shown.get(shown.size() - 1).bytes;
  }

  long change() {
    return hasCounter ? counter : changedMillis;
  }

  long changedMillis() {
    return changedMillis;
  }

  /**
   * Whether bytes stood at an offset at some time between two, and the file ended behind them if it
   * is said so.
   */
  boolean showed(long fromMillis, long toMillis, int offset, byte[] bytes, boolean eof) {
    for (int i = 0; i < shown.size(); i++) {
      long until = i + 1 < shown.size() ? shown.get(i + 1).fromMillis : Long.MAX_VALUE;
      byte[] then = shown.get(i).bytes;
      int at = Math.min(offset, then.length);
      int end = Math.min(at + bytes.length, then.length);
      if (shown.get(i).fromMillis <= toMillis
          && until >= fromMillis
          && eof == offset + bytes.length >= then.length
          && Arrays.equals(bytes, Arrays.copyOfRange(then, at, end))) {
        return true;
      }
    }
    return false;
  }

  /** Forgets what nobody can read any more. */
  void forgetBefore(long millis) {
    while (shown.size() > 1 && shown.get(1).fromMillis < millis) {
      shown.remove(0);
    }
  }
}
