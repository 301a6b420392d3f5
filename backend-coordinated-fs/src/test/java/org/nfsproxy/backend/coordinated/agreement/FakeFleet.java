package org.nfsproxy.backend.coordinated.agreement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nfsproxy.backend.Fleet;

/** Instances in one memory: what one says, the others hear at once. */
public final class FakeFleet {
  private final Map<String, Map<String, byte[]>> said = new HashMap<>();
  private final Map<String, Map<String, List<Runnable>>> listeners = new HashMap<>();

  /** An instance that joins. */
  public Fleet join(String name) {
    return new Fleet() {
      @Override
      public String instance() {
        return name;
      }

      @Override
      public void say(String topic, byte[] statement) {
        said.computeIfAbsent(topic, t -> new TreeMap<>()).put(name, statement.clone());
        changed(topic);
      }

      @Override
      public Map<String, byte[]> heard(String topic) {
        return Map.copyOf(said.getOrDefault(topic, Map.of()));
      }

      @Override
      public void onChange(String topic, Runnable listener) {
        listeners
            .computeIfAbsent(topic, t -> new TreeMap<>())
            .computeIfAbsent(name, n -> new ArrayList<>())
            .add(listener);
      }
    };
  }

  /** An instance that is gone. */
  public void leave(String name) {
    listeners.values().forEach(byName -> byName.remove(name));
    said.forEach(
        (topic, byName) -> {
          if (byName.remove(name) != null) {
            changed(topic);
          }
        });
  }

  private void changed(String topic) {
    List.copyOf(listeners.getOrDefault(topic, Map.of()).values())
        .forEach(all -> List.copyOf(all).forEach(Runnable::run));
  }
}
