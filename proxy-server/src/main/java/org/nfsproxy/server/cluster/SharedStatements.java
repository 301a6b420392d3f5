package org.nfsproxy.server.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Fleet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the instances say to each other on behalf of their backends. */
// A statement holds as long as the member that made it is there: who is, the members' list says,
// not the map, which may be late. A member that joins anew, after a partition too, has another
// UUID, and says everything again.
final class SharedStatements implements Fleet {
  private static final Logger log = LoggerFactory.getLogger(SharedStatements.class);
  static final String MAP = "statements";

  /** A thousand instances with a handful of topics: at the bound of a statement, 64 MB. */
  static final int ENTRIES_MAX = 4096;

  /** How the members of the moment are known. */
  interface Members {
    /** This one; null while there is none. */
    @Nullable UUID self();

    /** All of them, this one too. */
    Set<UUID> all();
  }

  private record Listener(String topic, Runnable listener) {}

  private final String instance;
  private final ClusterThread thread;
  private final SharedMap<Statement> map;
  private final Members members;
  private final int entrySeconds;
  private final Map<String, byte[]> mine = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  SharedStatements(
      String instance,
      ClusterThread thread,
      SharedMap<Statement> map,
      Members members,
      int entrySeconds) {
    this.instance = instance;
    this.thread = thread;
    this.map = map;
    this.members = members;
    this.entrySeconds = entrySeconds;
    map.onChange(this::changed);
  }

  @Override
  public String instance() {
    return instance;
  }

  @Override
  public void say(String topic, byte[] statement) {
    byte[] copy = statement.clone();
    new Statement(new UUID(0, 0), topic, instance, copy);
    mine.put(topic, copy);
    thread.run(() -> write(topic, copy));
    changed();
  }

  private void write(String topic, byte[] text) {
    UUID self = members.self();
    if (self != null && mine.get(topic) == text) {
      Statement statement = new Statement(self, topic, instance, text);
      map.set(statement.key(), statement.write(), entrySeconds);
    }
  }

  /** Says all again: time has passed, or the members are others. On the cluster's thread. */
  void again() {
    mine.forEach(this::write);
  }

  @Override
  public Map<String, byte[]> heard(String topic) {
    Set<UUID> there = members.all();
    Map<String, byte[]> heard = new HashMap<>();
    map.heard().values().stream()
        .filter(said -> said.topic().equals(topic) && there.contains(said.owner()))
        .forEach(said -> heard.put(said.instance(), said.text().clone()));
    byte[] own = mine.get(topic);
    if (own != null) {
      heard.put(instance, own.clone());
    }
    return heard;
  }

  @Override
  public void onChange(String topic, Runnable listener) {
    listeners.add(new Listener(topic, listener));
  }

  /** Tells all who listen; whoever looks and finds nothing new has lost little. */
  void changed() {
    for (Listener each : listeners) {
      try {
        each.listener.run();
      } catch (RuntimeException wrong) {
        log.error("a listener of {} failed", each.topic, wrong);
      }
    }
  }
}
