package org.nfsproxy.server.configuration;

import java.util.List;
import org.nfsproxy.configuration.Section;

/**
 * What is written to the log.
 *
 * @param levels areas that say more or less than the rest
 * @param refusalMillis the period in which refused calls of one kind are told once
 * @param refusalLinesMax the most lines about them in it; 0 for none
 * @param slowCallMillis what takes longer is told; 0 for nothing
 * @param slowCallLinesMax the most lines about that in a period
 */
public record LogSettings(
    LogFormat format,
    List<LogLevel> levels,
    int refusalMillis,
    int refusalLinesMax,
    int slowCallMillis,
    int slowCallLinesMax) {
  static LogSettings read(Section section, boolean isCounted) {
    LogSettings read =
        new LogSettings(
            Keys.LOG_FORMAT.in(section),
            Keys.LOG_LEVELS.in(section).stream().map(LogLevel::of).toList(),
            Keys.REFUSAL_MILLIS.in(section),
            Keys.REFUSAL_LINES_MAX.in(section),
            Keys.SLOW_CALL_MILLIS.in(section),
            Keys.SLOW_CALL_LINES_MAX.in(section));
    if (read.slowCallMillis > 0 && !isCounted) {
      section.warn(
          Keys.SLOW_CALL_MILLIS.name(),
          "no slow call is told while metrics.enabled is false: they are noticed where calls are"
              + " counted");
    }
    return read;
  }

  LogSettings adopting(LogSettings newer) {
    return new LogSettings(
        newer.format,
        newer.levels,
        refusalMillis,
        refusalLinesMax,
        newer.slowCallMillis,
        slowCallLinesMax);
  }

  /** From when on a call is slow. */
  public long slowCallNanos() {
    return slowCallMillis == 0 ? Long.MAX_VALUE : slowCallMillis * 1_000_000L;
  }
}
