package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * How changes of the file are noticed.
 *
 * @param scanMillis between two looks at it; 0 for never
 */
public record Reload(int scanMillis) {
  static Reload read(Section section) {
    return new Reload(Keys.SCAN_MILLIS.in(section));
  }
}
