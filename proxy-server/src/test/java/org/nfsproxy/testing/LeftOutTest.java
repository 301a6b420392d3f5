package org.nfsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class LeftOutTest {
  // Surefire passes over nested classes; only the test below runs these.
  static class Some {
    @Test
    void fine() {}

    @Test
    void needsMoon() {
      Assumptions.assumeTrue(false, "no moon");
    }

    @Test
    void needsMoonToo() {
      Assumptions.assumeTrue(false, "no moon");
    }

    @Disabled("never here")
    @Test
    void disabled() {}
  }

  static class Whole {
    @BeforeAll
    static void start() {
      Assumptions.assumeTrue(false, "no epoll");
    }

    @Test
    void any() {}
  }

  private static List<String> report(Class<?>... types) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LeftOut leftOut = new LeftOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (Class<?> type : types) {
      request.selectors(selectClass(type));
    }
    LauncherFactory.create(
            LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build())
        .execute(request.build(), leftOut);
    return bytes.toString(StandardCharsets.UTF_8).lines().skip(1).toList();
  }

  @Test
  void skippedTests_areToldByReason() {
    assertEquals(
        List.of(
            "left out here: LeftOutTest$Some.disabled: never here",
            "left out here: LeftOutTest$Whole: no epoll",
            "left out here: LeftOutTest$Some.needsMoon, LeftOutTest$Some.needsMoonToo: no moon"),
        report(Some.class, Whole.class));
  }

  @Test
  void runWithNothingSkipped_tellsWhatNoRunHolds() {
    assertEquals(List.of(), report(Fine.class));
  }

  static class Fine {
    @Test
    void fine() {}
  }
}
