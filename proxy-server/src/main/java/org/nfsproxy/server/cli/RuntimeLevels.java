package org.nfsproxy.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nfsproxy.server.admin.LogLevelPages;
import org.nfsproxy.server.configuration.LogLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Levels of the log that were set while the proxy runs, over those of the configuration. */
// They are of the process, as the log is. A changed file does not take them back.
public final class RuntimeLevels implements LogLevelPages.Levels {
  private static final Logger log = LoggerFactory.getLogger(RuntimeLevels.class);

  private final Map<String, String> set = new TreeMap<>();
  private final Map<String, String> configured = new TreeMap<>();

  RuntimeLevels() {}

  /** The configuration says other levels. */
  synchronized void configure(Map<String, String> levels, LoggerContext loggers) {
    configured.clear();
    configured.putAll(levels);
    LogLevel.AREAS.forEach(area -> apply(area, loggers));
  }

  private void apply(String area, LoggerContext loggers) {
    String level = set.getOrDefault(area, configured.get(area));
    loggers
        .getLogger(new LogLevel(area, "").logger())
        .setLevel(level == null ? null : Level.toLevel(level));
  }

  @Override
  public synchronized Map<String, String> inForce() {
    Map<String, String> levels = new LinkedHashMap<>();
    for (String area : LogLevel.AREAS) {
      levels.put(area, inForce(area));
    }
    return levels;
  }

  private static String inForce(String area) {
    Logger logger = LoggerFactory.getLogger(new LogLevel(area, "").logger());
    return logger instanceof ch.qos.logback.classic.Logger known
        ? known.getEffectiveLevel().toString()
        : "unknown";
  }

  @Override
  public synchronized Map<String, String> set() {
    return Map.copyOf(set);
  }

  @Override
  public List<String> words() {
    return LogLevel.words();
  }

  @Override
  public synchronized void set(String area, String level) {
    if (level.isEmpty()) {
      set.remove(area);
    } else {
      set.put(area, level);
    }
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
      apply(area, loggers);
    }
    log.info(
        "area {} says {} in the log from now on, {}",
        area,
        inForce(area),
        level.isEmpty() ? "as configured" : "until the next restart");
  }
}
