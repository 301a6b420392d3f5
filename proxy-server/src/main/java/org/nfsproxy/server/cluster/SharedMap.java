package org.nfsproxy.server.cluster;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryEvictedListener;
import com.hazelcast.map.listener.EntryExpiredListener;
import com.hazelcast.map.listener.EntryMergedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;

/**
 * A map of texts to bytes that all members have, and what was heard of it, read.
 *
 * @param <V> what the bytes say
 */
// Whoever asks what was heard looks into a local map, which events keep in step; events may be
// lost, so that it is read through as a whole now and then. Anybody may have written anything: the
// types are looked at, and a form refuses what none of us would write. The bytes are read when they
// come, so that nobody pays for garbage twice.
final class SharedMap<V>
    implements EntryAddedListener<Object, Object>,
        EntryUpdatedListener<Object, Object>,
        EntryRemovedListener<Object, Object>,
        EntryEvictedListener<Object, Object>,
        EntryExpiredListener<Object, Object>,
        EntryMergedListener<Object, Object> {

  /** How entries are written. */
  interface Form<V> {
    /**
     * Reads an entry: null if it is none of our business, IllegalArgumentException if none of us
     * would write it.
     */
    @Nullable V read(String key, byte[] value);
  }

  static final int KEY_CHARS_MAX = 512;

  private final String name;
  private final int entriesMax;
  private final int valueBytesMax;
  private final Form<V> form;
  private final RejectedEntries rejected;
  private final Map<String, V> heard = new ConcurrentHashMap<>();
  private volatile Runnable listener = () -> {};
  private volatile @Nullable IMap<Object, Object> map;

  SharedMap(
      String name, int entriesMax, int valueBytesMax, Form<V> form, RejectedEntries rejected) {
    this.name = name;
    this.entriesMax = entriesMax;
    this.valueBytesMax = valueBytesMax;
    this.form = form;
    this.rejected = rejected;
  }

  /** Who is told when something was heard; called on a thread of Hazelcast's. */
  void onChange(Runnable changed) {
    listener = changed;
  }

  /** Begins to listen. Blocks. */
  void attach(HazelcastInstance member) {
    IMap<Object, Object> attached = member.getMap(name);
    attached.addEntryListener(this, true);
    map = attached;
  }

  /** No member is there any more; what was heard stays. */
  void detach() {
    map = null;
  }

  /** Reads all there is. Blocks. */
  void readAll() {
    IMap<Object, Object> attached = map;
    if (attached == null) {
      return;
    }
    Set<String> found = new HashSet<>();
    try {
      attached.entrySet().forEach(each -> take(each.getKey(), each.getValue(), found));
    } catch (RuntimeException failed) {
      unreadable(failed);
      readOneByOne(attached, found);
    }
    heard.keySet().retainAll(found);
    listener.run();
  }

  // One value that cannot be read spoils them all, if they are asked for at once. A key that cannot
  // be read spoils even this: then there are only events, and questions about single entries.
  private void readOneByOne(IMap<Object, Object> attached, Set<String> found) {
    Set<Object> keys;
    try {
      keys = attached.keySet();
    } catch (RuntimeException failed) {
      rejected.refuse(name, unreadable(failed));
      found.addAll(heard.keySet());
      return;
    }
    for (Object key : keys) {
      try {
        take(key, attached.get(key), found);
      } catch (RuntimeException failed) {
        rejected.refuse(name, unreadable(failed));
      }
    }
  }

  /** Why an object cannot be read; whatever else went wrong is thrown. */
  private static String unreadable(RuntimeException failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof HazelcastSerializationException || cause instanceof SecurityException) {
        return Reason.of(cause);
      }
    }
    throw failed;
  }

  private void take(Object key, @Nullable Object value, Set<String> found) {
    if (take(key, value)) {
      found.add((String) key);
    }
  }

  private boolean take(Object key, @Nullable Object value) {
    if (!(key instanceof String text) || text.length() > KEY_CHARS_MAX) {
      rejected.refuse(name, "its key is none of ours");
      return false;
    }
    try {
      heard(text, value);
      return true;
    } catch (IllegalArgumentException wrong) {
      heard.remove(text);
      rejected.refuse(name, Reason.of(wrong));
      return false;
    }
  }

  private void heard(String key, @Nullable Object value) {
    V read = read(key, value);
    if (read == null) {
      heard.remove(key);
    } else if (heard.size() < entriesMax || heard.containsKey(key)) {
      heard.put(key, read);
    }
  }

  private @Nullable V read(String key, @Nullable Object value) {
    if (!(value instanceof byte[] bytes)) {
      throw new IllegalArgumentException("its value is none of ours");
    }
    if (bytes.length > valueBytesMax) {
      throw new IllegalArgumentException("its value has " + bytes.length + " bytes");
    }
    return form.read(key, bytes);
  }

  @Nullable V heard(String key) {
    return heard.get(key);
  }

  Map<String, V> heard() {
    return heard;
  }

  /** Asks the member that has an entry: null if there is none, or none of ours. */
  @Nullable CompletionStage<V> ask(String key) {
    IMap<Object, Object> attached = map;
    return attached == null
        ? null
        : attached
            .getAsync(key)
            .thenApply(
                value -> {
                  if (value == null) {
                    return null;
                  }
                  take(key, value);
                  return heard.get(key);
                });
  }

  /** Writes an entry; completes when it is there. Null if there is no member. */
  @Nullable CompletionStage<Void> set(String key, byte[] value, int seconds) {
    heard(key, value);
    IMap<Object, Object> attached = map;
    return attached == null ? null : attached.setAsync(key, value, seconds, TimeUnit.SECONDS);
  }

  void remove(String key) {
    heard.remove(key);
    IMap<Object, Object> attached = map;
    if (attached != null) {
      attached.removeAsync(key);
    }
  }

  private void changed(EntryEvent<Object, Object> event) {
    heardOf(() -> take(event.getKey(), event.getValue()));
  }

  private void gone(EntryEvent<Object, Object> event) {
    heardOf(() -> heard.remove(event.getKey()));
  }

  // What a stranger wrote may fail as late as when it is read.
  private void heardOf(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException failed) {
      rejected.refuse(name, unreadable(failed));
    }
    listener.run();
  }

  @Override
  public void entryAdded(EntryEvent<Object, Object> event) {
    changed(event);
  }

  @Override
  public void entryUpdated(EntryEvent<Object, Object> event) {
    changed(event);
  }

  @Override
  public void entryMerged(EntryEvent<Object, Object> event) {
    changed(event);
  }

  @Override
  public void entryRemoved(EntryEvent<Object, Object> event) {
    gone(event);
  }

  @Override
  public void entryEvicted(EntryEvent<Object, Object> event) {
    gone(event);
  }

  @Override
  public void entryExpired(EntryEvent<Object, Object> event) {
    gone(event);
  }
}
