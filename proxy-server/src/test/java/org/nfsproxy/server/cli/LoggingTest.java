package org.nfsproxy.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LoggingTest {
  @ParameterizedTest
  @ValueSource(strings = {"ERROR", "WARN", "INFO", "DEBUG", "TRACE"})
  void level_isTaken(String level) {
    assertNull(Logging.mistake(level));
  }

  @Test
  void noLevel_isTaken() {
    assertNull(Logging.mistake(null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "debug", "LOUD", "OFF"})
  void anotherWord_isRefused(String word) {
    assertEquals(
        "environment variable NFS_PROXY_LOG: found \""
            + word
            + "\", expected one of ERROR, WARN, INFO, DEBUG, TRACE",
        Logging.mistake(word));
  }

  @Test
  void logback_findsThisClass_andTheRuntimeIsQuiet() {
    assertTrue(LoggerFactory.getLogger("org.nfsproxy").isInfoEnabled());
    assertFalse(LoggerFactory.getLogger("org.nfsproxy").isDebugEnabled());
    assertTrue(LoggerFactory.getLogger("io.netty.util").isWarnEnabled());
    assertFalse(LoggerFactory.getLogger("io.netty.util").isInfoEnabled());
    assertFalse(LoggerFactory.getLogger("io.vertx.core").isInfoEnabled());
  }

  // The console appender asks for System.err at each line, so a test may put itself in its place.
  @Test
  void event_isOneLine_evenIfAClientChoseItsText() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.err;
    LoggerContext loggers = new LoggerContext();
    loggers.setMDCAdapter(new LogbackMDCAdapter());
    try {
      System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      Logging logging = new Logging();
      logging.setContext(loggers);
      logging.configure(loggers);
      loggers.getLogger("test").warn("client said {}", "a\r\n2026-01-01 00:00:00.000 INFO  b");
    } finally {
      System.setErr(before);
      loggers.stop();
    }
    String line =
        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  client said a 2026-.* INFO  b\n";
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(text.matches(line), text);
  }
}
