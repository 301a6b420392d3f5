package org.nfsproxy.server.access;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Wrong tokens, by the address that sent them. Used by one thread. */
// Where there are too many addresses, the one that began first is forgotten.
public final class FailedTries {
  /** For so long after its first wrong one, an address has so many tries. */
  public static final long PERIOD_MILLIS = 60_000;

  private static final class Row {
    final long sinceMillis;
    int count;

    Row(long sinceMillis) {
      this.sinceMillis = sinceMillis;
    }
  }

  private final int max;
  private final int addressesMax;
  private final Map<String, Row> rows = new LinkedHashMap<>();

  /** None was there yet. */
  public FailedTries(int max, int addressesMax) {
    this.max = max;
    this.addressesMax = addressesMax;
  }

  /**
   * How long an address has to wait before its next try.
   *
   * @return 0 if it may try now
   */
  public long waitMillis(InetAddress address, long nowMillis) {
    Row row = rows.get(ClientNetwork.of(address));
    if (row == null || row.count < max || nowMillis - row.sinceMillis >= PERIOD_MILLIS) {
      return 0;
    }
    return PERIOD_MILLIS - (nowMillis - row.sinceMillis);
  }

  /**
   * Counts a wrong one.
   *
   * @return whether it was the last that this address has for now
   */
  public boolean failed(InetAddress address, long nowMillis) {
    String key = ClientNetwork.of(address);
    Row row = rows.get(key);
    if (row == null || nowMillis - row.sinceMillis >= PERIOD_MILLIS) {
      rows.remove(key);
      makeRoom(nowMillis);
      row = new Row(nowMillis);
      rows.put(key, row);
    }
    row.count++;
    return row.count == max;
  }

  // In the order in which they began.
  private void makeRoom(long nowMillis) {
    Iterator<Row> oldest = rows.values().iterator();
    while (oldest.hasNext()) {
      boolean isOver = nowMillis - oldest.next().sinceMillis >= PERIOD_MILLIS;
      if (!isOver && rows.size() < addressesMax) {
        return;
      }
      oldest.remove();
    }
  }

  int addresses() {
    return rows.size();
  }
}
