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
// One is excepted: while a Vert.x server closes, there is a moment in which the kernel still gives
// it connections that it has nobody for. Netty closes them, and says so with a stack trace.
final class SeriousEvents extends AppenderBase<ILoggingEvent> {
  private static final String ACCEPTING = "io.netty.bootstrap.ServerBootstrap";

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
    boolean serious =
        event.getThrowableProxy() != null || event.getLevel().isGreaterOrEqual(Level.ERROR);
    if (serious && !event.getLoggerName().equals(ACCEPTING)) {
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
