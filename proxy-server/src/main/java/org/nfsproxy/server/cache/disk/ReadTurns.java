package org.nfsproxy.server.cache.disk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads that wait for the disk: who asks takes turns, whatever each has waiting. Under the lock of
 * whoever has it.
 */
// Nobody may have more waiting than there are places left: one who asks for all that he can has
// half of them, two a third each. So there is a place for whoever comes, until as many ask as there
// are places.
final class ReadTurns {
  private final int placesMax;
  private final Map<Object, Queue<DiskTask>> lines = new LinkedHashMap<>();
  private int taken;

  ReadTurns(int placesMax) {
    this.placesMax = placesMax;
  }

  /** Adds one; false if there is no place for it. */
  boolean add(Object asker, DiskTask read) {
    Queue<DiskTask> line = lines.get(asker);
    int own = line == null ? 0 : line.size();
    if (own >= placesMax - taken) {
      return false;
    }
    lines.computeIfAbsent(asker, first -> new ArrayDeque<>(1)).add(read);
    taken++;
    return true;
  }

  /** The next one; null if there is none. */
  @Nullable DiskTask poll() {
    Iterator<Map.Entry<Object, Queue<DiskTask>>> all = lines.entrySet().iterator();
    if (!all.hasNext()) {
      return null;
    }
    Map.Entry<Object, Queue<DiskTask>> first = all.next();
    Object asker = first.getKey();
    Queue<DiskTask> line = first.getValue();
    all.remove();
    DiskTask read = line.remove();
    taken--;
    if (!line.isEmpty()) {
      lines.put(asker, line);
    }
    return read;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Takes all of them. */
  List<DiskTask> takeAll() {
    List<DiskTask> all = new ArrayList<>(taken);
    lines.values().forEach(all::addAll);
    lines.clear();
    taken = 0;
    return all;
  }
}
