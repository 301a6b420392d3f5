package org.nfsproxy.server.cli;

import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.configuration.Spelling;
import org.nfsproxy.server.configuration.ConfigurationReader;
import org.nfsproxy.server.configuration.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads the command line and runs what it says. */
public final class Cli {
  private static final int COLUMNS = 100;

  private Cli() {}

  /**
   * Runs a command line in this folder, with the backends on the class path.
   *
   * @param launch what can be started
   * @return the process's exit code
   */
  public static int run(String[] args, Launch launch) {
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    String mistake = Logging.mistake(System.getenv(Logging.VARIABLE));
    if (mistake != null) {
      err.println(mistake);
      return ExitCode.REFUSED;
    }
    return run(
        args,
        launch,
        ConfigurationReader::ofClassPath,
        Environment.ofProcess(),
        Path.of(""),
        out,
        err);
  }

  static int run(
      String[] args,
      Launch launch,
      Function<Vertx, ConfigurationReader> readers,
      Environment environment,
      Path folder,
      PrintWriter out,
      PrintWriter err) {
    Runs runs = new Runs(launch, readers, environment, out, err);
    return new CommandLine(new ProxyCommand(runs, folder))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(COLUMNS)
        .setParameterExceptionHandler(Cli::refuse)
        .execute(args);
  }

  // One line: a screen of usage hides what is wrong.
  private static int refuse(ParameterException mistake, String[] args) {
    CommandLine command = mistake.getCommandLine();
    String option = unknownOption(command, args);
    if (option != null) {
      command.getErr().println(option + help(command));
      return ExitCode.REFUSED;
    }
    command
        .getErr()
        .println(
            mistake instanceof UnmatchedArgumentException unmatched
                ? unknown(command, unmatched.getUnmatched().get(0)) + help(command)
                : Reason.of(mistake).lines().findFirst().orElse("") + help(command));
    return ExitCode.REFUSED;
  }

  private static String help(CommandLine command) {
    String name = command.getParent() == null ? "" : command.getCommandName() + " ";
    return " (" + name + "--help lists all)";
  }

  // A mistyped option leaves its value behind as if it were a word of the command; picocli then
  // speaks of that. What is wrong is the option.
  private static @Nullable String unknownOption(CommandLine command, String[] args) {
    Map<String, OptionSpec> known = new HashMap<>();
    for (CommandLine each = command; each != null; each = each.getParent()) {
      known.putAll(each.getCommandSpec().optionsMap());
    }
    for (int i = 0; i < args.length && !args[i].equals("--"); i++) {
      String name = args[i].replaceAll("=.*", "");
      OptionSpec option = known.get(name);
      if (option == null && name.startsWith("--")) {
        return unknown("option", name, command.getCommandSpec().optionsMap().keySet());
      }
      i += option != null && option.arity().min() > 0 && !args[i].contains("=") ? 1 : 0;
    }
    return null;
  }

  private static String unknown(CommandLine command, String word) {
    if (word.startsWith("-")) {
      String option = word.replaceAll("=.*", "");
      return unknown("option", option, command.getCommandSpec().optionsMap().keySet());
    }
    if (Files.isRegularFile(Path.of(word))) {
      return "unknown command \"" + word + "\", did you mean --config " + word + "?";
    }
    return unknown("command", word, shown(command));
  }

  private static Collection<String> shown(CommandLine command) {
    return command.getSubcommands().entrySet().stream()
        .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String unknown(String kind, String word, Collection<String> known) {
    return Spelling.nearest(word, known)
        .map(near -> "unknown %s \"%s\", did you mean %s?".formatted(kind, word, near))
        .orElse("unknown %s \"%s\"%s".formatted(kind, word, known.isEmpty() ? "" : listed(known)));
  }

  private static String listed(Collection<String> known) {
    return ", expected one of " + String.join(", ", new TreeSet<>(known));
  }
}
