package org.nfsproxy.server.cli;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.configuration.Assembled;
import org.nfsproxy.server.configuration.ConfigurationException;
import org.nfsproxy.server.configuration.ConfigurationReader;
import org.nfsproxy.server.configuration.ConfigurationSource;
import org.nfsproxy.server.configuration.Configured;
import org.nfsproxy.server.configuration.EffectiveConfiguration;
import org.nfsproxy.server.configuration.Environment;
import org.nfsproxy.server.configuration.MachineCheck;
import org.nfsproxy.server.configuration.ThisMachine;
import org.nfsproxy.server.probe.OriginProbe;
import org.nfsproxy.server.probe.ProbeReport;
import org.nfsproxy.server.probe.ProbeSettings;
import org.nfsproxy.server.socket.InheritedTransport;
import org.nfsproxy.server.top.Top;
import org.nfsproxy.server.top.TopSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// What the commands do, once picocli has read them. Each run has one Vertx, made here, so that
// --help and a mistyped option cost none.
final class Runs {
  private static final Logger log = LoggerFactory.getLogger(Runs.class);

  private final Launch launch;
  private final Function<Vertx, ConfigurationReader> readers;
  private final Environment environment;
  private final PrintWriter out;
  private final PrintWriter err;

  Runs(
      Launch launch,
      Function<Vertx, ConfigurationReader> readers,
      Environment environment,
      PrintWriter out,
      PrintWriter err) {
    this.launch = launch;
    this.readers = readers;
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  boolean hasVariables() {
    return !environment.isEmpty();
  }

  int proxy(@Nullable Path file, JsonObject overrides) {
    return withVertx(
        true,
        vertx -> {
          ConfigurationSource source = source(vertx, file, overrides);
          Configured configured = read(source, look(source));
          if (configured == null) {
            return ExitCode.REFUSED;
          }
          Logging.apply(configured.proxy().log());
          configured.warnings().forEach(log::warn);
          return launch.proxy(vertx, configured, source);
        });
  }

  int demo(boolean once) {
    return withVertx(true, vertx -> launch.demo(vertx, once));
  }

  int checkConfig(@Nullable Path file, boolean print, boolean elsewhere) {
    return withVertx(
        false,
        vertx -> {
          ConfigurationSource source = source(vertx, file, new JsonObject());
          Assembled assembled = look(source);
          Configured configured = read(source, assembled);
          if (configured == null) {
            return ExitCode.REFUSED;
          }
          List<String> warnings = new ArrayList<>(configured.warnings());
          List<String> mistakes = new ArrayList<>();
          if (!elsewhere) {
            MachineCheck check = MachineCheck.of(configured, assembled, ThisMachine.now());
            warnings.addAll(check.warnings());
            mistakes.addAll(check.mistakes());
          }
          warnings.forEach(warning -> err.println("warning: " + warning));
          mistakes.forEach(err::println);
          if (print) {
            EffectiveConfiguration.lines(source, assembled).forEach(out::println);
          } else if (mistakes.isEmpty()) {
            out.println(source.name() + ": nothing is wrong");
          }
          return mistakes.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
        });
  }

  int configSchema() {
    return withVertx(
        false,
        vertx -> {
          out.println(readers.apply(vertx).schema().encodePrettily());
          return ExitCode.DONE;
        });
  }

  int probe(ProbeSettings asked, boolean json) {
    return withVertx(
        false,
        vertx -> {
          ProbeReport report = Logging.quietly(() -> OriginProbe.run(vertx, asked));
          if (json) {
            out.println(report.json().encodePrettily());
          } else {
            report.lines().forEach(out::println);
          }
          return report.verdict().exitStatus();
        });
  }

  int top(TopSettings asked, boolean once, boolean json) {
    if (json) {
      return Top.json(asked, out, err);
    }
    return once ? Top.once(asked, out, err) : Top.interactive(asked, err);
  }

  private ConfigurationSource source(Vertx vertx, @Nullable Path file, JsonObject overrides) {
    return new ConfigurationSource(vertx, readers.apply(vertx), file, environment, overrides);
  }

  // Null if something was wrong; then it has been told.
  private @Nullable Configured read(ConfigurationSource source, Assembled assembled) {
    try {
      return source.read(assembled);
    } catch (ConfigurationException wrong) {
      wrong.warnings().forEach(warning -> err.println("warning: " + warning));
      wrong.mistakes().forEach(err::println);
      return null;
    }
  }

  private static Assembled look(ConfigurationSource source) {
    return source.look().toCompletionStage().toCompletableFuture().join();
  }

  // Files are read from the disk alone, never from the class path, and not copied to a cache.
  private static int withVertx(boolean serving, Function<Vertx, Integer> run) {
    FileSystemOptions files =
        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
    VertxOptions options =
        new VertxOptions().setPreferNativeTransport(serving).setFileSystemOptions(files);
    Vertx vertx;
    try {
      vertx =
          serving
              ? InheritedTransport.vertx(options, System.getenv(), ProcessHandle.current().pid())
              : Vertx.vertx(options);
    } catch (IOException notThose) {
      log.error("{}", Reason.of(notThose));
      return ExitCode.FAILED;
    }
    try {
      return run.apply(vertx);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
