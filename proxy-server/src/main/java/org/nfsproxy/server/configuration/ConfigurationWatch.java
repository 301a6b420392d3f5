package org.nfsproxy.server.configuration;

import io.vertx.config.ConfigRetriever;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Applied;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the configuration file from time to time, and has a running proxy apply what changed in
 * it. A wrong file is refused whole: what is in force stays so.
 */
// Vert.x Config looks, and tells when what it read is other than before. The file is read anew with
// each look, by its name: so a symbolic link that was turned to another file (Kubernetes), a file
// put in the place of the old one (most editors) and one written over are all seen, whatever their
// times and sizes say. What was seen last is remembered, right or wrong, so that all is told once.
public final class ConfigurationWatch {
  private static final Logger log = LoggerFactory.getLogger(ConfigurationWatch.class);

  private final Vertx vertx;
  private final Context context;
  private final ConfigurationSource source;
  private final Consumer<ProxyConfiguration> proxy;
  private final Map<String, Applied> applied = new HashMap<>();
  private final SortedMap<String, String> atStart;

  /** What the last look found: an object, or a list of mistakes. */
  private Object seen;

  /** What the file alone said then; null before the first look. */
  private @Nullable SortedMap<String, String> ofFile;

  private boolean isWrong;
  private SortedMap<String, String> inForce;
  private SortedMap<String, String> waiting = Collections.emptySortedMap();
  private final Set<String> warned;
  private int scanMillis;
  private @Nullable ConfigRetriever scan;
  private boolean started;
  private boolean closed;

  /**
   * A watch that does not look yet.
   *
   * @param source where the configuration comes from
   * @param configured what was read there when the proxy was started
   * @param proxy takes over what can be changed while it runs
   */
  public ConfigurationWatch(
      Vertx vertx,
      ConfigurationSource source,
      Configured configured,
      Consumer<ProxyConfiguration> proxy) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.source = source;
    this.proxy = proxy;
    source.keys().forEach(key -> applied.put(key.path(), key.applied()));
    this.seen = configured.json();
    this.atStart = KeyValues.of(configured.json(), source.keys());
    this.inForce = atStart;
    this.warned = new HashSet<>(configured.warnings());
    this.scanMillis = configured.proxy().reload().scanMillis();
  }

  /** Looks from now on, if there is a file and {@code reload.scanMillis} is not 0. */
  public void start() {
    context.runOnContext(
        begin -> {
          started = true;
          scan();
        });
  }

  // The file may have changed since it was read for the start.
  private void scan() {
    if (scan != null) {
      scan.close();
      scan = null;
    }
    if (started && source.hasFile() && scanMillis > 0 && !closed) {
      scan = source.retriever(scanMillis);
      scan.listen(
          change ->
              context.runOnContext(now -> take(source.assembled(change.getNewConfiguration()))));
      scan.getConfig()
          .map(source::assembled)
          .onSuccess(first -> context.runOnContext(now -> take(first)));
    }
  }

  /**
   * Looks no more.
   *
   * @return completes when nothing is applied any more
   */
  public Future<Void> close() {
    Promise<Void> ended = Promise.promise();
    context.runOnContext(
        end -> {
          closed = true;
          scan();
          ended.complete();
        });
    return ended.future();
  }

  /**
   * Looks once.
   *
   * @return completes when what was found is applied, or refused; never fails
   */
  Future<Void> look() {
    Promise<Void> looked = Promise.promise();
    context.runOnContext(
        now ->
            source
                .look()
                .onSuccess(
                    assembled ->
                        context.runOnContext(
                            back -> {
                              take(assembled);
                              looked.complete();
                            })));
    return looked.future();
  }

  private void take(Assembled assembled) {
    if (closed) {
      return;
    }
    if (assembled.file() != null) {
      tellWithoutEffect(assembled, assembled.file());
    }
    if (assembled.mistakes().isEmpty() && assembled.json().equals(seen)) {
      return;
    }
    log.debug("{} says something else than before", source.name());
    try {
      Configured configured = source.read(assembled);
      seen = assembled.json();
      accept(configured, KeyValues.of(assembled.json(), source.keys()));
      isWrong = false;
    } catch (ConfigurationException wrong) {
      refuse(wrong.mistakes());
    }
  }

  // What a variable or the command line says holds over the file, whatever is changed there.
  private void tellWithoutEffect(Assembled assembled, JsonObject file) {
    SortedMap<String, String> values = KeyValues.of(file, List.of());
    if (ofFile != null) {
      for (String path : KeyValues.changed(ofFile, values).keySet()) {
        String where = assembled.notOfTheFile().get(path);
        if (where != null) {
          log.warn("{}: {} has changed, without effect: {} sets it", source.name(), path, where);
        }
      }
    }
    ofFile = values;
  }

  private void refuse(List<String> mistakes) {
    if (!mistakes.equals(seen)) {
      seen = mistakes;
      isWrong = true;
      log.warn("{}: refused, what was in force stays in force", source.name());
      mistakes.forEach(log::warn);
    }
  }

  private void accept(Configured configured, SortedMap<String, String> values) {
    SortedMap<String, String> atRestart = KeyValues.changed(atStart, values);
    atRestart.keySet().removeIf(path -> when(path) == Applied.AT_ONCE);
    List<String> withAll =
        atRestart.keySet().stream()
            .filter(path -> when(path) == Applied.AT_RESTART_WITH_ALL)
            .toList();
    if (!withAll.isEmpty()) {
      log.warn(
          "{}: about another origin ({}), so that nothing of it is in force before a restart",
          source.name(),
          String.join(", ", withAll));
      return;
    }
    SortedMap<String, String> atOnce = KeyValues.changed(inForce, values);
    atOnce.keySet().removeIf(path -> when(path) != Applied.AT_ONCE);
    if (!atOnce.isEmpty()) {
      proxy.accept(configured.proxy());
      log.info("{}: in force now: {}", source.name(), String.join(", ", atOnce.keySet()));
    } else if (isWrong) {
      log.info("{}: right again, nothing new in it", source.name());
    }
    if (!atRestart.isEmpty() && !atRestart.equals(waiting)) {
      log.warn(
          "{}: in force after a restart: {}", source.name(), String.join(", ", atRestart.keySet()));
    }
    waiting = atRestart;
    inForce = values;
    configured.warnings().stream().filter(warned::add).forEach(log::warn);
    warned.retainAll(configured.warnings());
    if (scanMillis != configured.proxy().reload().scanMillis()) {
      scanMillis = configured.proxy().reload().scanMillis();
      scan();
    }
  }

  private Applied when(String path) {
    return applied.getOrDefault(path, Applied.AT_RESTART);
  }
}
