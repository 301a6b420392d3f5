package org.nfsproxy.server;

import io.vertx.core.Vertx;
import org.nfsproxy.server.cli.Cli;
import org.nfsproxy.server.cli.ExitCode;
import org.nfsproxy.server.cli.Launch;
import org.nfsproxy.server.configuration.Configured;

/** The process's entry. */
public final class Main {
  private Main() {}

  /**
   * Runs a command line and ends the process.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(Cli.run(args, new NothingYet()));
  }

  // The place where the proxy and the demo are plugged in.
  private static final class NothingYet implements Launch {
    @Override
    public int proxy(Vertx vertx, Configured configured) {
      System.err.println("this build cannot serve: it holds no proxy");
      return ExitCode.FAILED;
    }

    @Override
    public int demo(Vertx vertx) {
      System.err.println("this build cannot serve: it holds no demo");
      return ExitCode.FAILED;
    }
  }
}
