package org.nfsproxy.server.fakes;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Keeps what one class logs, as an administrator reads it. */
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;

  private LogLines(Logger logger) {
    this.logger = logger;
  }

  /**
   * Begins to keep lines.
   *
   * @param type whose
   * @return what keeps them
   */
  public static LogLines of(Class<?> type) {
    LogLines lines = new LogLines((Logger) LoggerFactory.getLogger(type));
    lines.setContext(lines.logger.getLoggerContext());
    lines.start();
    lines.logger.addAppender(lines);
    return lines;
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getLevel() + " " + event.getFormattedMessage());
  }

  /**
   * What was logged.
   *
   * @return level and message of each event
   */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /**
   * What was logged since this was last asked.
   *
   * @return level and message of each event
   */
  public List<String> take() {
    List<String> taken = new ArrayList<>(lines);
    lines.removeAll(taken);
    return taken;
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    stop();
  }
}
