package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * What is shown to those who watch.
 *
 * @param listenersMax how many may watch at once; 0 for none
 * @param rowsMax rows of each table
 */
public record LivePage(int listenersMax, int eventMillis, int rowsMax) {
  static LivePage read(Section section) {
    return new LivePage(
        LivePageKeys.LISTENERS_MAX.in(section),
        LivePageKeys.EVENT_MILLIS.in(section),
        LivePageKeys.ROWS_MAX.in(section));
  }
}
