package org.nfsproxy.server.cli;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.nfsproxy.server.configuration.ConfigurationException;
import org.nfsproxy.server.configuration.ConfigurationReader;
import org.nfsproxy.server.configuration.ConfigurationSource;
import org.nfsproxy.server.configuration.Configured;
import org.nfsproxy.server.probe.OriginProbe;
import org.nfsproxy.server.probe.ProbeReport;
import org.nfsproxy.server.probe.ProbeSettings;

// What the commands do, once picocli has read them. Each run has one Vertx, made here, so that
// --help and a mistyped option cost none.
final class Runs {
  private final Launch launch;
  private final Function<Vertx, ConfigurationReader> readers;
  private final PrintWriter out;
  private final PrintWriter err;

  Runs(
      Launch launch,
      Function<Vertx, ConfigurationReader> readers,
      PrintWriter out,
      PrintWriter err) {
    this.launch = launch;
    this.readers = readers;
    this.out = out;
    this.err = err;
  }

  int proxy(Path file, JsonObject overrides) {
    return withVertx(
        true,
        vertx -> {
          ConfigurationSource source = source(vertx, file, overrides);
          Configured configured = read(source);
          return configured == null ? ExitCode.REFUSED : launch.proxy(vertx, configured, source);
        });
  }

  int demo() {
    return withVertx(true, launch::demo);
  }

  int checkConfig(Path file) {
    return withVertx(
        false,
        vertx -> {
          if (read(source(vertx, file, new JsonObject())) == null) {
            return ExitCode.REFUSED;
          }
          out.println(file + ": nothing is wrong");
          return ExitCode.DONE;
        });
  }

  int probe(ProbeSettings asked, boolean json) {
    return withVertx(
        false,
        vertx -> {
          ProbeReport report = OriginProbe.run(vertx, asked);
          if (json) {
            out.println(report.json().encodePrettily());
          } else {
            report.lines().forEach(out::println);
          }
          return report.verdict().exitStatus();
        });
  }

  private ConfigurationSource source(Vertx vertx, Path file, JsonObject overrides) {
    return new ConfigurationSource(vertx, readers.apply(vertx), file, overrides);
  }

  // Null if something was wrong; then it has been told.
  private Configured read(ConfigurationSource source) {
    try {
      return source.read(json(source));
    } catch (ConfigurationException wrong) {
      wrong.mistakes().forEach(mistake -> err.println(source.name() + ": " + mistake));
      return null;
    }
  }

  private static JsonObject json(ConfigurationSource source) throws ConfigurationException {
    try {
      return source.json().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof ConfigurationException wrong) {
        throw wrong;
      }
      throw failed;
    }
  }

  // Files are read from the disk alone, never from the class path, and not copied to a cache.
  private static int withVertx(boolean serving, Function<Vertx, Integer> run) {
    FileSystemOptions files =
        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
    VertxOptions options =
        new VertxOptions().setPreferNativeTransport(serving).setFileSystemOptions(files);
    Vertx vertx = Vertx.vertx(options);
    try {
      return run.apply(vertx);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
