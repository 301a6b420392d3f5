package org.nfsproxy.server.cli;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.probe.ProbeSettings;
import org.nfsproxy.server.probe.ProbeTls;
import org.nfsproxy.server.top.TopAccess;
import org.nfsproxy.server.top.TopSettings;
import org.nfsproxy.tls.TlsFilesException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line, as {@code --help} prints it. */
@Command(
    name = "java -jar proxy.jar",
    description = "Re-exports all exports of one NFS server, with the server's own filehandles.",
    synopsisHeading = "Usage:%n",
    customSynopsis = {
      "  java -jar proxy.jar                     proxy.json or proxy.yaml in this folder, or what",
      "                                          environment variables say; without either, the demo",
      "  java -jar proxy.jar --config FILE       the usual way",
      "  java -jar proxy.jar --origin HOST[:PORT] [--listen HOST:PORT]     no file needed",
      "  java -jar proxy.jar demo                an embedded origin and a proxy before it",
      "  java -jar proxy.jar check-config FILE   what is wrong, by key path; exit 0 or 2",
      "  java -jar proxy.jar config-schema       a JSON Schema of the configuration, for editors",
      "  java -jar proxy.jar completion          completion of this command line, for bash and zsh",
      "  java -jar proxy.jar probe HOST[:PORT]   what an NFS server offers, and what that means here",
      "  java -jar proxy.jar top [URL]           what a running proxy does, by client, export, operation",
      ""
    },
    versionProvider = VersionLine.class,
    footer = {
      "",
      "Each command has options of its own: java -jar proxy.jar probe --help",
      "The environment variable NFS_PROXY_LOG sets the log level: ERROR, WARN, INFO, DEBUG, TRACE.",
      "Each key of the configuration has a variable too: listen.port is NFS_PROXY_LISTEN_PORT."
    })
final class ProxyCommand implements Callable<Integer> {
  private static final List<String> STANDARD_FILES =
      List.of("proxy.json", "proxy.yaml", "proxy.yml");

  private final Runs runs;
  private final Path folder;

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration, JSON or YAML (.yaml), see docs/guide/configuration.md.")
  private @Nullable Path config;

  @Option(
      names = "--origin",
      paramLabel = HostAndPort.ORIGIN_FORM,
      converter = HostAndPort.Origin.class,
      description = "The NFS server to re-export; no file is needed. IPv6 in [brackets].")
  private @Nullable HostAndPort origin;

  @Option(
      names = "--listen",
      paramLabel = HostAndPort.LISTEN_FORM,
      converter = HostAndPort.Listen.class,
      description = "Where clients are accepted; 0.0.0.0:2049 unless the file says otherwise.")
  private @Nullable HostAndPort listen;

  @Option(names = "--version", versionHelp = true, description = "Prints the version.")
  private boolean version;

  @Option(
      names = "--help",
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Prints this.")
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
    Path standard = standardFile();
    if (standard != null || runs.hasVariables()) {
      return runs.proxy(standard, overrides);
    }
    if (listen != null) {
      throw mistake("--listen needs --origin, --config or a proxy.json in this folder");
    }
    return runs.demo(false);
  }

  // Null if there is none. A dangling link is a file that somebody meant to be there.
  private @Nullable Path standardFile() {
    List<String> there =
        STANDARD_FILES.stream()
            .filter(name -> Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS))
            .toList();
    if (there.size() > 1) {
      throw mistake(
          String.join(" and ", there) + " are in this folder: name one of them with --config");
    }
    return there.isEmpty() ? null : folder.resolve(there.get(0));
  }

  @Command(name = "demo", description = "An embedded origin and a proxy before it. No root.")
  int demo(
      @Option(
              names = "--once",
              description = "Ends when both have been compared, with 0 if they are the same.")
          boolean once) {
    return runs.demo(once);
  }

  @Command(
      name = "check-config",
      description =
          "Says what is wrong in a configuration file, by key path, and what of it does not go with"
              + " this machine. Opens nothing.",
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {"0:nothing is wrong, warnings aside", "2:something is"})
  int checkConfig(
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description = "The file; without one, proxy.json or proxy.yaml in this folder.")
          @Nullable Path file,
      @Option(
              names = "--print",
              description = "Prints what holds, as YAML, and where each value comes from.")
          boolean print,
      @Option(
              names = "--elsewhere",
              description = "It is for another machine: this one's addresses do not count.")
          boolean elsewhere) {
    Path checked = file == null ? standardFile() : file;
    if (checked == null && !runs.hasVariables()) {
      throw mistake("check-config needs a FILE, or a proxy.json in this folder");
    }
    return runs.checkConfig(checked, print, elsewhere);
  }

  @Command(
      name = "config-schema",
      description = "Prints a JSON Schema (2020-12) of the configuration, for editors.")
  int configSchema() {
    return runs.configSchema();
  }

  @Command(
      name = "completion",
      description = {
        "Prints what bash and zsh need to complete this command line:",
        "alias nfs-proxy='java -jar proxy.jar'; source <(nfs-proxy completion)"
      })
  int completion(
      @Parameters(
              paramLabel = "NAME",
              arity = "0..1",
              defaultValue = "nfs-proxy",
              description = "What the command is called in the shell; nfs-proxy.")
          String name) {
    spec.commandLine()
        .getOut()
        .print(AutoComplete.bash(name, new CommandLine(new ProxyCommand(runs, folder))));
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }

  @Command(
      name = "man-page",
      hidden = true,
      description = "Prints the manual page, for packages: nfs-proxy(8).")
  int manPage() {
    ManPage.lines(new CommandLine(new ProxyCommand(runs, folder)).getCommandSpec())
        .forEach(spec.commandLine().getOut()::println);
    return ExitCode.DONE;
  }

  @Command(
      name = "probe",
      description =
          "Asks an NFS server what it offers, and says what that means for re-exporting it, with the"
              + " cure. Nothing is written to it. See docs/guide/probe.md.",
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {
        "0:it can be re-exported as it is",
        "1:it can, with the changes that are printed",
        "2:the command line is wrong",
        "3:it cannot, or not everything could be asked, or nobody answers"
      })
  int probe(
      @Parameters(
              paramLabel = HostAndPort.ORIGIN_FORM,
              converter = HostAndPort.Origin.class,
              description = "The server, port 2049 unless given. IPv6 in [brackets].")
          HostAndPort server,
      @Option(names = "--json", description = "For programs instead of people.") boolean json,
      @Option(
              names = "--timeout",
              paramLabel = "SECONDS",
              defaultValue = "30",
              description = "It ends then, with what it has found; 1 to 3600, 30 unless given.")
          int timeoutSeconds,
      @Option(
              names = "--exports",
              paramLabel = "NUMBER",
              defaultValue = "256",
              description = "Filesystems that are looked at; 1 to 65536, 256 unless given.")
          int exportsMax,
      @Option(
              names = "--mount-port",
              paramLabel = "PORT",
              defaultValue = "0",
              description = "Where MOUNT is, if no portmapper says so.")
          int mountPort,
      @Option(
              names = "--ca",
              paramLabel = "FILE",
              defaultValue = "",
              description =
                  "Who may have signed its certificate, in PEM: what backend.origin.tls.ca will be."
                      + " Those that Java trusts, unless given.")
          String ca,
      @Option(
              names = "--tls",
              description =
                  "Ask inside TLS all that is asked at the port of NFS: what a proxy with"
                      + " backend.origin.tls is shown, of exports with xprtsec= too.")
          boolean tls,
      @Option(
              names = "--certificate",
              paramLabel = "FILE",
              defaultValue = "",
              description = "Shown to a server that asks for one: backend.origin.tls.certificate.")
          String certificate,
      @Option(
              names = "--key",
              paramLabel = "FILE",
              defaultValue = "",
              description = "Its key: backend.origin.tls.key.")
          String key,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              defaultValue = "",
              description =
                  "What stands in the server's certificate, if not HOST: backend.origin.tls.name.")
          String name) {
    within("--timeout", timeoutSeconds, 1, 3600);
    within("--exports", exportsMax, 1, 65536);
    within("--mount-port", mountPort, 0, 65535);
    return runs.probe(
        new ProbeSettings(
            server.host(),
            server.port().orElse(ProbeSettings.NFS_PORT),
            mountPort,
            ProbeSettings.PORTMAP_PORT,
            timeoutSeconds * 1000,
            exportsMax,
            probeTls(tls, ca, certificate, key, name)),
        json);
  }

  private ProbeTls probeTls(
      boolean everywhere, String ca, String certificate, String key, String name) {
    if (certificate.isEmpty() != key.isEmpty()) {
      throw mistake("--certificate and --key go together: give both, or neither");
    }
    try {
      return ProbeTls.read(everywhere, ca, certificate, key, name);
    } catch (TlsFilesException unusable) {
      throw mistake(unusable.getMessage());
    }
  }

  @Command(
      name = "top",
      description =
          "Shows what a running proxy does, by client, export or operation, again and again. See"
              + " docs/guide/observing.md.",
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {
        "0:it was shown",
        "1:no proxy answers there, with --once or --json",
        "2:the command line is wrong, or there is no terminal"
      })
  int top(
      @Parameters(
              paramLabel = "URL",
              arity = "0..1",
              defaultValue = TopSettings.STANDARD_URL,
              description = "The proxy's admin pages; ${DEFAULT-VALUE} unless given.")
          String url,
      @Option(
              names = "--by",
              paramLabel = "WHAT",
              defaultValue = "client",
              description =
                  "client, export, operation, or pair (client by export); ${DEFAULT-VALUE} unless"
                      + " given.")
          String by,
      @Option(
              names = "--sort",
              paramLabel = "COLUMN",
              description = "A column by its title; calls or operations a second unless given.")
          @Nullable String sort,
      @Option(
              names = "--filter",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Only rows with this in a name.")
          String filter,
      @Option(
              names = "--token-file",
              paramLabel = "FILE",
              description = "A file with the token of the proxy's admin.tokenFile.")
          @Nullable Path tokenFile,
      @Option(
              names = "--ca",
              paramLabel = "FILE",
              description =
                  "Who signed the certificate of admin.tls, in PEM, for an https:// URL; those whom"
                      + " Java trusts unless given.")
          @Nullable Path ca,
      @Option(names = "--once", description = "Prints one table and ends; needs no terminal.")
          boolean once,
      @Option(names = "--json", description = "Prints one event as JSON, all of it, and ends.")
          boolean json) {
    try {
      return runs.top(
          TopSettings.of(url, by, sort, filter).with(new TopAccess(tokenFile, ca)), once, json);
    } catch (IllegalArgumentException wrong) {
      throw mistake(Reason.of(wrong));
    }
  }

  private void within(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw mistake("%s: found %d, expected %d to %d".formatted(option, value, min, max));
    }
  }

  // Of the command that was given, whose options are known; ours is the outermost.
  private ParameterException mistake(String message) {
    ParseResult given = spec.commandLine().getParseResult();
    while (given.hasSubcommand()) {
      given = given.subcommand();
    }
    return new ParameterException(given.commandSpec().commandLine(), message);
  }
}
