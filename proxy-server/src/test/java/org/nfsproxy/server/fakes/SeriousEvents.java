package org.nfsproxy.server.fakes;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what no peer should be able to cause: log events with an exception, and errors. */
final class SeriousEvents extends AppenderBase<ILoggingEvent> {
  private final List<String> seen = new CopyOnWriteArrayList<>();

  static SeriousEvents record() {
    LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    SeriousEvents events = new SeriousEvents();
    events.setContext(loggers);
    events.start();
    loggers.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(events);
    return events;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getThrowableProxy() != null || event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      seen.add(event + "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
  }

  /** Ends the recording. */
  List<String> end() {
    LoggerContext loggers = (LoggerContext) getContext();
    loggers.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this);
    return seen;
  }
}
