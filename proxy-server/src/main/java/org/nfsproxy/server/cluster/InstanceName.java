package org.nfsproxy.server.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nfsproxy.server.configuration.Cluster;

/** What an instance is called, named by somebody or not. */
public final class InstanceName {
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final int CHARS_MAX = 100;

  private InstanceName() {}

  /**
   * The name to go by.
   *
   * @param settings may name it, by {@code cluster.instance}
   * @return that; or the host's name and the number of the process
   */
  public static String of(Cluster settings) {
    return settings.instance().isEmpty() ? ofHost() : settings.instance();
  }

  // Not by name service: what an instance is called must not depend on who answers.
  private static String ofHost() {
    String host;
    try {
      host = Files.readString(HOST_NAME, StandardCharsets.US_ASCII).trim();
    } catch (IOException noLinux) {
      host = "instance";
    }
    String word = host.replaceAll("[^A-Za-z0-9._-]", "-");
    String cut = word.length() <= CHARS_MAX ? word : word.substring(0, CHARS_MAX);
    return cut + "-" + ProcessHandle.current().pid();
  }
}
