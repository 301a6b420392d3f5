package org.nfsproxy.server.cli;

import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Function;
import org.nfsproxy.server.configuration.ConfigurationReader;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** Reads the command line and runs what it says. */
public final class Cli {
  private Cli() {}

  /**
   * Runs a command line in this folder, with the backends on the class path.
   *
   * @param args the command line
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
    return run(args, launch, ConfigurationReader::ofClassPath, Path.of(""), out, err);
  }

  static int run(
      String[] args,
      Launch launch,
      Function<Vertx, ConfigurationReader> readers,
      Path folder,
      PrintWriter out,
      PrintWriter err) {
    Runs runs = new Runs(launch, readers, out, err);
    return new CommandLine(new ProxyCommand(runs, folder))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Cli::refuse)
        .execute(args);
  }

  private static int refuse(ParameterException mistake, String[] args) {
    PrintWriter err = mistake.getCommandLine().getErr();
    err.println(mistake.getMessage());
    mistake.getCommandLine().usage(err);
    return ExitCode.REFUSED;
  }
}
