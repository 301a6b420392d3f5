package org.nfsproxy.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.configuration.LogFormat;
import org.nfsproxy.server.configuration.LogSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per event, to stderr; how much, the environment variable {@code NFS_PROXY_LOG} says.
 * Found by Logback through ServiceLoader. A Logback file of the administrator's own ({@code
 * -Dlogback.configurationFile=FILE}) takes its place.
 */
// In Java, not in a logback.xml: an XML parser and what Logback needs beside it cost 0.1 to 0.2 s
// of every start, and a proxy that was killed should be back soon.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {
  static final String VARIABLE = "NFS_PROXY_LOG";
  private static final String STDERR = "stderr";
  private static final List<String> LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  private static final RuntimeLevels RUNTIME_LEVELS = new RuntimeLevels();

  // The area is the package: what log.levels can set by itself. What starts and stops all is
  // "server". Line breaks inside a message, which may quote a client, become spaces.
  private static final String AREA =
      "%replace(%logger){'^org\\.nfsproxy\\.(server\\.)?([a-z]+)\\..*$', '$2'}";

  private static final String LINE =
      "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level [" + AREA + "] %replace(%msg){'[\\r\\n]+', ' '}%n";

  // What the runtime says of itself at DEBUG and INFO is for its own developers.
  private static final List<String> RUNTIME = List.of("io.netty", "io.vertx");

  // Its warnings and errors are stack traces about what is no trouble of ours: a member that was
  // killed, an object that was refused. What an administrator should know of these, we say.
  private static final String CLUSTER = "com.hazelcast";

  /** Made by ServiceLoader. */
  public Logging() {}

  /**
   * What is wrong with a value of the variable. Logback itself takes an unknown word for DEBUG.
   *
   * @param value the value; null if it is not set
   * @return a line for the administrator, or null if nothing is wrong
   */
  static @Nullable String mistake(@Nullable String value) {
    if (value == null || LEVELS.contains(value)) {
      return null;
    }
    String words = String.join(", ", LEVELS);
    return "environment variable %s: found \"%s\", expected one of %s"
        .formatted(VARIABLE, value, words);
  }

  /**
   * Writes from now on as a configuration says. With a Logback file of the administrator's own
   * nothing is changed.
   */
  public static void apply(LogSettings settings) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers && !isForeign()) {
      apply(settings, loggers);
    }
  }

  static void apply(LogSettings settings, LoggerContext loggers) {
    boolean isJson = settings.format() == LogFormat.JSON;
    if (loggers.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(STDERR)
            instanceof ConsoleAppender<ILoggingEvent> stderr
        && stderr.getEncoder() instanceof JsonEncoder != isJson) {
      stderr.setEncoder(isJson ? json(loggers) : text(loggers));
    }
    Map<String, String> levels = new HashMap<>();
    settings.levels().forEach(each -> levels.put(each.area(), each.level()));
    RUNTIME_LEVELS.configure(levels, loggers);
  }

  /**
   * Runs what tells all that it finds by itself, and leaves out of the log what would say so twice,
   * and as if a proxy ran. Where the environment variable says how much to write, it is written.
   *
   * @return what came of it
   */
  static <T> T quietly(Supplier<T> run) {
    return quietly(System.getenv(VARIABLE), run);
  }

  static <T> T quietly(@Nullable String level, Supplier<T> run) {
    if (level != null
        || isForeign()
        || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers)) {
      return run.get();
    }
    ch.qos.logback.classic.Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    root.setLevel(Level.ERROR);
    try {
      return run.get();
    } finally {
      root.setLevel(before);
    }
  }

  /**
   * Levels that are set while the proxy runs.
   *
   * @return those of this process
   */
  public static RuntimeLevels levels() {
    return RUNTIME_LEVELS;
  }

  private static boolean isForeign() {
    return System.getProperty("logback.configurationFile") != null;
  }

  private static Encoder<ILoggingEvent> text(LoggerContext loggers) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(loggers);
    encoder.setPattern(LINE);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext loggers) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(loggers);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMarkers(false);
    encoder.setWithMDC(false);
    encoder.setWithKVPList(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    if (isForeign()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(loggers);
    stderr.setTarget("System.err");
    stderr.setName(STDERR);
    stderr.setEncoder(text(loggers));
    stderr.start();
    ch.qos.logback.classic.Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getenv(VARIABLE), Level.INFO));
    root.addAppender(stderr);
    loggers.getLogger(CLUSTER).setLevel(Level.OFF);
    RUNTIME.forEach(name -> loggers.getLogger(name).setLevel(Level.WARN));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
