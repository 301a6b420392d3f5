package org.nfsproxy.server.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.locks.SharedRecords;

/** What instances remember together of locks: a map that never forgets, with one backup. */
// Nothing is kept beside the map: it is read when an instance becomes the owner, and written before
// a lock is made. So whoever waits for it waits for another instance, and locks with it; clients'
// other calls do not.
//
// Anybody who reaches the cluster's port can write here: the records are sealed by whoever uses
// them.
final class SharedLockRecords implements SharedRecords {
  static final String MAP = "locks";

  private static final int LOOK_MILLIS = 50;

  /** Longer than little takes to be copied; then locks are put off. */
  private static final int SETTLE_MILLIS_MAX = 10_000;

  /** As long as a record of the journal may be, and its seal. */
  private static final int VALUE_BYTES_MAX = (16 << 10) + 64;

  private final ClusterThread thread;
  private final SharedStatements.Members members;
  private final Promise<Void> ready = Promise.promise();
  private volatile Runnable merged = () -> {};

  /** Completes when what this member has of the map is at another one too, if there is one. */
  private volatile Promise<Void> settled = Promise.promise();

  private volatile @Nullable IMap<Object, Object> map;

  SharedLockRecords(ClusterThread thread, SharedStatements.Members members) {
    this.thread = thread;
    this.members = members;
  }

  /** There is a member. */
  void attach(HazelcastInstance member) {
    map = member.getMap(MAP);
    settle(member);
    if (!ready.tryComplete()) {
      merged.run(); // the one before has ended, and what it had with it
    }
  }

  /**
   * There are other members than before. Those that came have no copies at first: what is written
   * until they do is known to nobody else.
   */
  void settle(HazelcastInstance member) {
    Promise<Void> now = Promise.promise();
    settled = now;
    settle(member, now);
  }

  private void settle(HazelcastInstance member, Promise<Void> now) {
    thread.after(
        LOOK_MILLIS,
        () -> {
          if (settled != now || map == null) {
            return;
          }
          if (member.getPartitionService().isLocalMemberSafe()) {
            now.tryComplete();
          } else {
            settle(member, now);
          }
        });
  }

  /** There is none any more. */
  void detach() {
    map = null;
  }

  /** Two sides that did not hear each other are one again. */
  void merged() {
    merged.run();
  }

  @Override
  public Future<Void> ready() {
    return ready.future();
  }

  private <T> Future<T> onThread(Asking<T> asking) {
    Promise<T> promise = Promise.promise();
    thread.always(
        () -> {
          IMap<Object, Object> attached = map;
          if (attached == null) {
            promise.tryFail(new IOException("this instance is no member of the cluster now"));
            return;
          }
          try {
            asking.ask(attached, promise);
          } catch (RuntimeException failed) {
            promise.tryFail(new IOException(ClusterThread.reason(failed), failed));
          }
        },
        () -> promise.tryFail(new IOException("the cluster is busy, or stops")));
    return promise.future();
  }

  private interface Asking<T> {
    void ask(IMap<Object, Object> map, Promise<T> promise);
  }

  private static <T> void tell(
      CompletionStage<?> stage, Promise<T> promise, Consumer<@Nullable Object> done) {
    stage.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            promise.tryFail(new IOException(ClusterThread.reason(failure), failure));
          } else {
            done.accept(value);
          }
        });
  }

  // One value of a stranger's that cannot be read spoils all of them if they are asked for at once.
  @Override
  public Future<Map<String, byte[]>> readAll() {
    return onThread(
        (attached, promise) -> {
          Map<String, byte[]> all = new HashMap<>();
          try {
            attached.entrySet().forEach(each -> take(each.getKey(), each.getValue(), all));
          } catch (HazelcastSerializationException | SecurityException stranger) {
            attached.keySet().forEach(key -> take(attached, key, all));
          }
          promise.tryComplete(all);
        });
  }

  private static void take(IMap<Object, Object> attached, Object key, Map<String, byte[]> all) {
    try {
      take(key, attached.get(key), all);
    } catch (HazelcastSerializationException | SecurityException stranger) {
      // none of ours
    }
  }

  private static void take(Object key, @Nullable Object value, Map<String, byte[]> all) {
    if (key instanceof String text
        && text.length() <= SharedMap.KEY_CHARS_MAX
        && value instanceof byte[] bytes
        && bytes.length <= VALUE_BYTES_MAX) {
      all.put(text, bytes);
    }
  }

  @Override
  public Future<byte @Nullable []> read(String key) {
    return onThread(
        (attached, promise) ->
            tell(
                attached.getAsync(key),
                promise,
                value -> promise.tryComplete(value instanceof byte[] bytes ? bytes : null)));
  }

  @Override
  public Future<Void> write(Map<String, byte[]> records) {
    return onThread(
        (attached, promise) ->
            tell(attached.setAllAsync(records), promise, done -> whenSettled(promise)));
  }

  private void whenSettled(Promise<Void> promise) {
    Future<Void> copied = settled.future();
    copied.onComplete(there -> promise.tryComplete());
    if (copied.isComplete()) {
      return;
    }
    thread.after(
        SETTLE_MILLIS_MAX,
        () -> promise.tryFail(new IOException("the instances are just coming together")));
  }

  @Override
  public Future<Void> remove(Set<String> keys) {
    return onThread(
        (attached, promise) -> {
          List<CompletableFuture<?>> all = new ArrayList<>();
          keys.forEach(key -> all.add(attached.deleteAsync(key).toCompletableFuture()));
          tell(
              CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])),
              promise,
              done -> promise.tryComplete());
        });
  }

  @Override
  public String self() {
    UUID self = members.self();
    return self == null ? "" : self.toString();
  }

  @Override
  public boolean isThere(String member) {
    return members.all().stream().anyMatch(each -> each.toString().equals(member));
  }

  @Override
  public void onMerge(Runnable listener) {
    merged = listener;
  }
}
