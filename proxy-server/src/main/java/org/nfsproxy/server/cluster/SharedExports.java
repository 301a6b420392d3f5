package org.nfsproxy.server.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.exports.PeerExport;
import org.nfsproxy.server.exports.PeerExports;
import org.nfsproxy.server.exports.VersionedFsid;

/** The exports that all instances found. */
// What was heard is at hand. What was not is asked of the others, if they are well, and the answer
// waited for no longer than the lookup time; being late is trouble, and then nobody is asked for a
// while. What this instance found is kept and told again and again, so that nothing else need be
// done when members come, go or meet again.
final class SharedExports implements PeerExports {
  static final String MAP = "exports";

  /** As long as until the next look by default. Whether there is anybody is known much sooner. */
  private static final int FIRST_WORD_MILLIS = 60_000;

  private final Vertx vertx;
  private final Context answers;
  private final ClusterThread thread;
  private final ClusterHealth health;
  private final PeerExportForm form;
  private final SharedMap<PeerExport> map;
  private final int lookupMillis;
  private final int entrySeconds;
  private final int exportsMax;
  private final Map<String, PeerExport> mine = new ConcurrentHashMap<>();
  private final Promise<Boolean> firstWord = Promise.promise();
  final AtomicLong lookups = new AtomicLong();
  final AtomicLong lateLookups = new AtomicLong();

  SharedExports(
      Vertx vertx,
      ClusterThread thread,
      ClusterHealth health,
      PeerExportForm form,
      SharedMap<PeerExport> map,
      int lookupMillis,
      int entrySeconds,
      int exportsMax) {
    this.vertx = vertx;
    this.answers = vertx.getOrCreateContext();
    this.thread = thread;
    this.health = health;
    this.form = form;
    this.map = map;
    this.lookupMillis = lookupMillis;
    this.entrySeconds = entrySeconds;
    this.exportsMax = exportsMax;
    map.onChange(this::listen);
    vertx.setTimer(FIRST_WORD_MILLIS, late -> firstWord.tryComplete(false));
  }

  /** The first thing that somebody else has said is what {@link #firstWord} waits for. */
  private void listen() {
    if (!firstWord.future().isComplete() && !mine.keySet().containsAll(map.heard().keySet())) {
      answers.runOnContext(heard -> firstWord.tryComplete(true));
    }
  }

  /** Nobody is there, or will not be soon. */
  void hasNothing() {
    answers.runOnContext(alone -> firstWord.tryComplete(false));
  }

  @Override
  public Future<Boolean> firstWord() {
    return firstWord.future();
  }

  @Override
  public Future<PeerExport> about(VersionedFsid fsid) {
    String key = form.key(fsid);
    PeerExport heard = map.heard(key);
    if (heard != null || !health.isJoined()) {
      return Future.succeededFuture(heard);
    }
    Promise<PeerExport> answer = Promise.promise();
    lookups.incrementAndGet();
    long timer =
        vertx.setTimer(
            lookupMillis,
            late -> {
              if (answer.tryComplete(null)) {
                lateLookups.incrementAndGet();
                health.trouble("no answer in " + lookupMillis + " ms");
              }
            });
    thread.run(() -> ask(key, answer, timer));
    return answer.future();
  }

  private void ask(String key, Promise<PeerExport> answer, long timer) {
    CompletionStage<PeerExport> asked = map.ask(key);
    if (asked == null) {
      answers.runOnContext(none -> answer.tryComplete(null));
      return;
    }
    asked.whenComplete(
        (told, failure) ->
            answers.runOnContext(
                answered -> {
                  vertx.cancelTimer(timer);
                  if (failure != null) {
                    health.trouble(ClusterThread.reason(failure));
                  }
                  answer.tryComplete(told);
                }));
  }

  @Override
  public Collection<PeerExport> all() {
    return new HashSet<>(map.heard().values());
  }

  /** How many exports this instance tells of. */
  int mine() {
    return new HashSet<>(mine.values()).size();
  }

  @Override
  public void tell(PeerExport found) {
    byte[] value = form.write(found);
    for (VersionedFsid fsid : found.fsids()) {
      String key = form.key(fsid);
      if (key.length() <= SharedMap.KEY_CHARS_MAX
          && mine.size() < exportsMax * PeerExport.FSIDS_MAX) {
        mine.put(key, found);
        thread.run(() -> set(key, value));
      }
    }
  }

  private void set(String key, byte[] value) {
    CompletionStage<Void> done = map.set(key, value, entrySeconds);
    if (done != null) {
      done.whenComplete((written, failure) -> written(key, failure));
    }
  }

  // While members come and go, a write may be carried out behind a removal that was sent after it.
  private void written(String key, @Nullable Throwable failure) {
    if (failure != null) {
      health.trouble(ClusterThread.reason(failure));
    }
    if (!mine.containsKey(key)) {
      thread.run(() -> map.remove(key));
    }
  }

  @Override
  public void tellAll(Collection<PeerExport> found) {
    Map<String, PeerExport> all = new HashMap<>();
    found.forEach(told -> told.fsids().forEach(fsid -> all.put(form.key(fsid), told)));
    Set<String> withdrawn = new HashSet<>(mine.keySet());
    withdrawn.removeAll(all.keySet());
    for (String key : withdrawn) {
      mine.remove(key);
      thread.run(() -> map.remove(key));
    }
    Set<PeerExport> told = new HashSet<>(mine.values());
    found.stream().filter(each -> !told.contains(each)).forEach(this::tell);
  }

  /** Tells all again: time has passed, or the members are others. On the cluster's thread. */
  void again() {
    mine.forEach((key, told) -> set(key, form.write(told)));
  }
}
