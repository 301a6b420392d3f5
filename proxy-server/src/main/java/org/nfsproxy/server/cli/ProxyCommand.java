package org.nfsproxy.server.cli;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line, as {@code --help} prints it. */
@Command(
    name = "java -jar proxy.jar",
    description = "Re-exports all exports of one NFS server, with the server's own filehandles.",
    synopsisHeading = "Usage:%n",
    customSynopsis = {
      "  java -jar proxy.jar                     proxy.json in this folder; without one, the demo",
      "  java -jar proxy.jar --config FILE       the usual way",
      "  java -jar proxy.jar --origin HOST[:PORT] [--listen [HOST:]PORT]     no file needed",
      "  java -jar proxy.jar demo                an embedded origin and a proxy before it",
      "  java -jar proxy.jar check-config FILE   what is wrong, by key path; exit 0 or 2",
      ""
    },
    versionProvider = VersionLine.class,
    usageHelpWidth = 100,
    footer = {
      "",
      "The environment variable NFS_PROXY_LOG sets the log level: ERROR, WARN, INFO, DEBUG, TRACE."
    })
final class ProxyCommand implements Callable<Integer> {
  private static final Path STANDARD_FILE = Path.of("proxy.json");

  private final Runs runs;
  private final Path folder;

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration, see docs/guide/configuration.md.")
  private Path config;

  @Option(
      names = "--origin",
      paramLabel = HostAndPort.ORIGIN_FORM,
      converter = HostAndPort.Origin.class,
      description = "The NFS server to re-export; no file is needed. IPv6 in [brackets].")
  private HostAndPort origin;

  @Option(
      names = "--listen",
      paramLabel = HostAndPort.LISTEN_FORM,
      converter = HostAndPort.Listen.class,
      description = "Where clients are accepted; 0.0.0.0:2049 unless the file says otherwise.")
  private HostAndPort listen;

  @Option(names = "--version", versionHelp = true, description = "Prints the version.")
  private boolean version;

  @Option(names = "--help", usageHelp = true, description = "Prints this.")
  private boolean help;

  ProxyCommand(Runs runs, Path folder) {
    this.runs = runs;
    this.folder = folder;
  }

  @Override
  public Integer call() {
    JsonObject overrides = CommandLineKeys.of(origin, listen);
    if (config != null) {
      return runs.proxy(config, overrides);
    }
    if (origin != null) {
      return runs.proxy(null, overrides);
    }
    // A dangling link is a file that somebody meant to be there.
    if (Files.exists(folder.resolve(STANDARD_FILE), LinkOption.NOFOLLOW_LINKS)) {
      return runs.proxy(folder.resolve(STANDARD_FILE), overrides);
    }
    if (listen != null) {
      throw new ParameterException(
          spec.commandLine(), "--listen needs --origin, --config or a proxy.json in this folder");
    }
    return runs.demo();
  }

  @Command(name = "demo", description = "An embedded origin and a proxy before it. No root.")
  int demo() {
    return runs.demo();
  }

  @Command(
      name = "check-config",
      description = "Says what is wrong in a configuration file, by key path.",
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {"0:nothing is wrong", "2:something is"})
  int checkConfig(@Parameters(paramLabel = "FILE") Path file) {
    return runs.checkConfig(file);
  }
}
