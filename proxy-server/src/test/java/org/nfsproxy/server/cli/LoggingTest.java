package org.nfsproxy.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.configuration.LogFormat;
import org.nfsproxy.server.configuration.LogLevel;
import org.nfsproxy.server.configuration.LogSettings;
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

  @Test
  void quietly_warnsNobody_butWhoAskedForIt() {
    org.slf4j.Logger backend = LoggerFactory.getLogger("org.nfsproxy.backend.nfs.tls.OriginTls");
    assertEquals(false, Logging.quietly(null, backend::isWarnEnabled));
    assertEquals(true, Logging.quietly(null, backend::isErrorEnabled));
    assertEquals(true, Logging.quietly("INFO", backend::isWarnEnabled));
    assertTrue(backend.isInfoEnabled(), "afterwards");
  }

  private static LogSettings settings(LogFormat format, LogLevel... levels) {
    return new LogSettings(format, List.of(levels), 60_000, 100, 0, 20);
  }

  // The console appender asks for System.err at each line, so a test may put itself in its place.
  private static String written(Consumer<LoggerContext> events) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.err;
    LoggerContext loggers = new LoggerContext();
    loggers.setMDCAdapter(new LogbackMDCAdapter());
    try {
      System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      Logging logging = new Logging();
      logging.setContext(loggers);
      logging.configure(loggers);
      events.accept(loggers);
    } finally {
      System.setErr(before);
      loggers.stop();
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void json_isAnObjectOnALine_evenIfAClientChoseItsText() {
    String text =
        written(
            loggers -> {
              Logging.apply(settings(LogFormat.JSON), loggers);
              loggers.getLogger("test").warn("client said {}", "a\r\n\"b\"");
              loggers.getLogger("test").error("a fault", new IllegalStateException("why"));
              Logging.apply(settings(LogFormat.TEXT), loggers);
              loggers.getLogger("test").warn("in words");
            });
    String[] lines = text.split("\n");
    assertEquals(3, lines.length, text);
    JsonObject event = new JsonObject(lines[0]);
    assertEquals("WARN", event.getString("level"));
    assertEquals("test", event.getString("loggerName"));
    assertEquals("client said a\r\n\"b\"", event.getString("formattedMessage"));
    assertEquals(
        Set.of("timestamp", "level", "threadName", "loggerName", "formattedMessage", "throwable"),
        event.fieldNames());
    assertEquals("why", new JsonObject(lines[1]).getJsonObject("throwable").getString("message"));
    assertTrue(lines[2].endsWith("WARN  [test] in words"), lines[2]);
  }

  @Test
  void levels_areSetByArea_andTakenBack() {
    LogLevel debug = new LogLevel("judge", "DEBUG");
    LogLevel off = new LogLevel("backend", "OFF");
    String text =
        written(
            loggers -> {
              Logging.apply(settings(LogFormat.TEXT, debug, off), loggers);
              loggers.getLogger("org.nfsproxy.server.judge.Judge").debug("one");
              loggers.getLogger("org.nfsproxy.server.listen.Listeners").debug("two");
              loggers.getLogger("org.nfsproxy.backend.nfs.NfsBackend").error("three");
              Logging.apply(settings(LogFormat.TEXT), loggers);
              loggers.getLogger("org.nfsproxy.server.judge.Judge").debug("four");
              loggers.getLogger("org.nfsproxy.backend.nfs.NfsBackend").error("five");
            });
    assertEquals(
        List.of("one", "five"), text.lines().map(each -> each.replaceAll(".*[\\]] ", "")).toList());
  }

  @Test
  void levelThatWasSetWhileRunning_outlivesAChangedFile_andIsTakenBack() {
    Logging.levels().set("portmap", "DEBUG");
    try {
      Logging.apply(settings(LogFormat.TEXT, new LogLevel("portmap", "ERROR")));
      assertEquals("DEBUG", Logging.levels().inForce().get("portmap"));
      Logging.levels().set("portmap", "");
      assertEquals("ERROR", Logging.levels().inForce().get("portmap"));
    } finally {
      Logging.levels().set("portmap", "");
      Logging.apply(settings(LogFormat.TEXT));
    }
    assertEquals("INFO", Logging.levels().inForce().get("portmap"));
  }

  @Test
  void area_standsInEachLine() {
    String text =
        written(
            loggers -> {
              loggers.getLogger("org.nfsproxy.server.judge.Judge").info("one");
              loggers.getLogger("org.nfsproxy.backend.nfs.connect.SourcePorts").info("two");
              loggers.getLogger("org.nfsproxy.server.locks.journal.Journal").info("three");
              loggers.getLogger("org.nfsproxy.server.Proxy").info("four");
            });
    List<String> areas =
        text.lines().map(each -> each.replaceAll(".* \\[(.*)\\] .*", "$1")).toList();
    assertEquals(List.of("judge", "backend", "locks", "server"), areas);
  }

  @Test
  void event_isOneLine_evenIfAClientChoseItsText() {
    String text =
        written(
            loggers ->
                loggers
                    .getLogger("test")
                    .warn("client said {}", "a\r\n2026-01-01 00:00:00.000 INFO  b"));
    String line =
        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  \\[test\\] client said a 2026-.* INFO  b\n";
    assertTrue(text.matches(line), text);
  }
}
