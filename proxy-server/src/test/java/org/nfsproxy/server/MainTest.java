package org.nfsproxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// What only a process has: an exit code, an environment, a stderr that nobody else writes to.
class MainTest {
  private record Ended(int exitCode, String out, String err) {}

  @TempDir private Path folder;

  private Ended run(String level, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The packaged jar says this in its manifest; Java 17 does not know the flag.
    if (Runtime.version().feature() > 17) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("NFS_PROXY_LOG");
    if (level != null) {
      builder.environment().put("NFS_PROXY_LOG", level);
    }
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertTrue(ended, "the process did not end");
    return new Ended(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  @Test
  void version_endsWithZero_andStderrIsEmpty() throws Exception {
    Ended ended = run(null, "--version");
    assertEquals(0, ended.exitCode());
    assertTrue(ended.out().startsWith("nfs-proxy "), ended.out());
    assertEquals("", ended.err());
  }

  @Test
  void wrongFile_endsWithTwo_andStderrHoldsTheMistakesAlone() throws Exception {
    Files.writeString(
        folder.resolve("proxy.json"), "{\"workers\": -1, \"backend\": {\"type\": 5}}");
    Ended ended = run("DEBUG", "check-config", "proxy.json");
    assertEquals(2, ended.exitCode());
    assertEquals("", ended.out());
    String first = "proxy.json: workers: found -1, expected a whole number from 0 to 256\n";
    assertEquals(first, ended.err().substring(0, Math.min(first.length(), ended.err().length())));
    assertTrue(ended.err().lines().allMatch(line -> line.startsWith("proxy.json: ")), ended.err());
  }

  @Test
  void wrongLogLevel_endsWithTwo() throws Exception {
    Ended ended = run("LOUD", "--version");
    assertEquals(2, ended.exitCode());
    assertEquals(
        "environment variable NFS_PROXY_LOG: found \"LOUD\","
            + " expected one of ERROR, WARN, INFO, DEBUG, TRACE\n",
        ended.err());
  }
}
