package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * What is written to the log.
 *
 * @param refusalMillis the period in which refused calls of one kind are told once
 * @param refusalLinesMax the most lines about them in it; 0 for none
 */
public record LogSettings(int refusalMillis, int refusalLinesMax) {
  static LogSettings read(Section section) {
    return new LogSettings(Keys.REFUSAL_MILLIS.in(section), Keys.REFUSAL_LINES_MAX.in(section));
  }
}
