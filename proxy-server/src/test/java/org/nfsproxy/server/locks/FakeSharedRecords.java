package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Records of all instances of a test, or of one side of it. */
final class FakeSharedRecords {
  final Map<String, byte[]> all = new ConcurrentHashMap<>();
  final Set<String> members = ConcurrentHashMap.newKeySet();

  /** As one instance has them. */
  final class View implements SharedRecords {
    private final String name;
    final Promise<Void> ready = Promise.promise();
    volatile FakeSharedRecords of = FakeSharedRecords.this;
    volatile boolean isBroken;
    volatile Runnable merged = () -> {};

    /** Completes when writes may go on. */
    volatile Future<Void> mayWrite = Future.succeededFuture();

    View(String name) {
      this.name = name;
      members.add(name);
      ready.complete();
    }

    private <T> Future<T> unlessBroken(Supplier<T> task) {
      return isBroken
          ? Future.failedFuture(new IOException("broken"))
          : Future.succeededFuture(task.get());
    }

    @Override
    public Future<Void> ready() {
      return ready.future();
    }

    @Override
    public Future<Map<String, byte[]>> readAll() {
      return unlessBroken(() -> Map.copyOf(of.all));
    }

    @Override
    public Future<byte[]> read(String key) {
      return unlessBroken(() -> of.all.get(key));
    }

    @Override
    public Future<Void> write(Map<String, byte[]> records) {
      return mayWrite.compose(
          may ->
              unlessBroken(
                  () -> {
                    of.all.putAll(records);
                    return null;
                  }));
    }

    @Override
    public Future<Void> remove(Set<String> keys) {
      return mayWrite.compose(
          may ->
              unlessBroken(
                  () -> {
                    of.all.keySet().removeAll(keys);
                    return null;
                  }));
    }

    @Override
    public String self() {
      return name;
    }

    @Override
    public boolean isThere(String member) {
      return of.members.contains(member);
    }

    @Override
    public void onMerge(Runnable listener) {
      merged = listener;
    }
  }
}
