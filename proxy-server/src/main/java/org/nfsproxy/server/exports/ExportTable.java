package org.nfsproxy.server.exports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export.State;
import org.nfsproxy.server.policy.HeldParameters;

/**
 * The exports that are known, by fsid, by path and by number. Bounded: when it is full, the export
 * that is missed least makes room. Safe for use by many threads; reading takes no lock.
 */
// One lock guards all changes; they are rare, since filesystems are. What is known is never taken
// back while a handle may lead to it: an export that is gone keeps its fsids and its paths, so that
// handles of it are judged as before while the origin says STALE; one that turned out to be another
// leads on to that one. Both are the first to make room.
//
// fsids      (version, major, minor) -> export      never to one that was merged
// paths      path -> export                         connected ones only
// slots      index -> export                        also merged ones, as handles are kept with it
// heldOf     fsid -> what it is held to             of those that were dropped, the latest ones
final class ExportTable {
  /** As many filesystems as there are mount points on the largest origins (fs.mount-max is 1e5). */
  static final int EXPORTS_BOUND = 1 << 20;

  private final AtomicReferenceArray<Export> slots;
  private final LongSupplier nowMillis;
  private volatile long lookedMillis;
  private final Map<VersionedFsid, Export> fsids = new ConcurrentHashMap<>();
  private final Map<String, Export> paths = new ConcurrentHashMap<>();
  private final Object lock = new Object();
  private final Map<VersionedFsid, HeldParameters> heldOf;
  private volatile PlaceChanges changes = PlaceChanges.NONE;
  private final Export root;
  private int used;
  private int serial;

  ExportTable(int exportsMax, LongSupplier nowMillis) {
    if (exportsMax < 2 || exportsMax > EXPORTS_BOUND) {
      throw new IllegalArgumentException("a table of " + exportsMax + " exports");
    }
    this.slots = new AtomicReferenceArray<>(exportsMax);
    this.nowMillis = nowMillis;
    this.lookedMillis = nowMillis.getAsLong();
    this.heldOf =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<VersionedFsid, HeldParameters> eldest) {
            return size() > exportsMax;
          }
        };
    this.root = add(KnownFrom.ROOT);
    root.setPaths(List.of("/"));
    root.setState(State.CONNECTED, "");
    paths.put("/", root);
  }

  void watch(PlaceChanges watcher) {
    changes = watcher;
  }

  /** The root of the namespace. It is there before anybody knows its fsid. */
  Export root() {
    return root;
  }

  /** The export of a number that a handle was kept with; null if it was dropped meanwhile. */
  @Nullable Export at(long number) {
    Export export = slots.get(Export.indexOf(number));
    return export == null || export.number() != number ? null : export.current();
  }

  // A number that is kept with a handle is the export's where that is certain, which is above 0,
  // and its complement where it is only said of a handle in a call.
  /** What is kept with a handle that is said to be in an export. */
  static long number(Export export, HandleFrom from) {
    return from == HandleFrom.REPLY ? export.number() : ~export.number();
  }

  /** The export of a number that was kept with a handle, if it is certain. */
  @Nullable Export certain(long kept) {
    return kept > HandleCache.UNKNOWN ? at(kept) : null;
  }

  /** The export of a number that was kept with a handle, certain or not. */
  @Nullable Export likely(long kept) {
    return kept < HandleCache.UNKNOWN ? at(~kept) : certain(kept);
  }

  /** The export of a number that was kept with a handle, for who may rest on what is said there. */
  @Nullable Export known(long kept, HandleFrom from) {
    return from == HandleFrom.REPLY ? certain(kept) : likely(kept);
  }

  /** The export of an fsid, or null. */
  @Nullable Export find(VersionedFsid fsid) {
    return fsids.get(fsid);
  }

  /** The connected export that has a path, its root's or another, or null. */
  @Nullable Export find(String path) {
    return paths.get(path);
  }

  /** The export of an fsid, made if it is new. */
  Export meet(VersionedFsid fsid, KnownFrom knownFrom) {
    Export known = fsids.get(fsid);
    if (known != null) {
      return known;
    }
    synchronized (lock) {
      known = fsids.get(fsid);
      return known == null ? name(add(knownFrom), fsid) : known;
    }
  }

  private Export add(KnownFrom knownFrom) {
    int index = used < slots.length() ? used++ : drop();
    Export export = new Export(index, ++serial, knownFrom, nowMillis.getAsLong());
    slots.set(index, export);
    return export;
  }

  private Export name(Export export, VersionedFsid fsid) {
    List<VersionedFsid> all = new ArrayList<>(export.fsids());
    all.add(fsid);
    export.setFsids(all);
    fsids.put(fsid, export);
    seen(export);
    HeldParameters held = heldOf.remove(fsid);
    if (held != null) {
      changes.holds(export, held);
    }
    return export;
  }

  // One look at all of them for each export that is too many: a thousandth of what asking the
  // origin about it has cost.
  private int drop() {
    Export least = null;
    Comparator<Export> order =
        Comparator.comparingInt(ExportTable::worth).thenComparingLong(Export::usedMillis);
    for (int i = 0; i < slots.length(); i++) {
      Export export = slots.get(i);
      if (export != root && (least == null || order.compare(export, least) < 0)) {
        least = export;
      }
    }
    Export dropped = Objects.requireNonNull(least, "there are two places or more");
    slots.set(dropped.index(), null);
    if (!dropped.isMerged()) {
      forget(dropped);
    }
    fsids.values().removeIf(export -> export == dropped);
    paths.values().removeIf(export -> export == dropped);
    return dropped.index();
  }

  private void forget(Export dropped) {
    changes.losesPaths(dropped, List.of());
    if (dropped.state() == State.CONNECTED) {
      changes.leaves(dropped);
    }
    HeldParameters held = dropped.held();
    if (held != null) {
      dropped.fsids().forEach(fsid -> heldOf.put(fsid, held));
    }
  }

  private static int worth(Export export) {
    if (export.isMerged()) {
      return 0;
    }
    return switch (export.state()) {
      case GONE -> 1;
      case DISCONNECTED -> 2;
      case CONNECTED -> 3;
    };
  }

  /**
   * Gives an export its place. Who was at the path before, and is another filesystem in the same
   * version of NFS, is gone; who is known in other versions only, is this one.
   *
   * @return the export, or what it turned out to be
   */
  Export connect(Export found, String path, int nfsVersion, Filehandle rootHandle) {
    synchronized (lock) {
      Export export = found.current();
      seen(export);
      Export before = paths.get(path);
      if (before != null && before != export && Objects.equals(before.path(), path)) {
        if (before.fsid(nfsVersion) == null && !contradict(before, export)) {
          export = merge(before, export);
        } else if (before != root) {
          leave(before, "another filesystem has its path");
        }
      }
      if (rootHandle != null) {
        export.setRoot(nfsVersion, rootHandle);
      }
      if (export != root && (export.state() != State.CONNECTED || !path.equals(export.path()))) {
        move(export, path);
      }
      return export;
    }
  }

  private static boolean contradict(Export one, Export other) {
    return one.fsids().stream()
        .anyMatch(
            fsid ->
                other.fsid(fsid.nfsVersion()) != null
                    && !fsid.equals(other.fsid(fsid.nfsVersion())));
  }

  private void move(Export export, String path) {
    // One that never had a place may be mounted where another one's directory was: that is relieved
    // of the rule for it. One that had may have been renamed to there.
    boolean isNew = export.paths().isEmpty() && export.held() == null || path.equals(export.path());
    List<String> all = new ArrayList<>(export.paths());
    if (export.state() != State.CONNECTED) {
      all.clear(); // where it was before it was gone, it may be no more
    } else {
      paths.remove(export.path(), export);
      all.remove(export.path());
    }
    all.remove(path);
    all.add(0, path);
    changes.losesPaths(export, all);
    if (export.state() == State.CONNECTED) {
      changes.leaves(export);
    }
    changes.arrives(export, path);
    export.setPaths(all);
    export.setState(State.CONNECTED, "");
    take(path, export, isNew);
  }

  /**
   * Gives an export a path, which may have been a plain directory of another one until something
   * was mounted there.
   */
  private void take(String path, Export export, boolean relieves) {
    Export before = paths.put(path, export);
    if (before != null && before != export && !path.equals(before.path())) {
      List<String> less = new ArrayList<>(before.paths());
      less.remove(path);
      if (!relieves) {
        changes.losesPaths(before, less);
      }
      before.setPaths(less);
    }
  }

  /** Says that a path, not its root's, is in an export. */
  void addPath(Export found, String path, boolean always) {
    synchronized (lock) {
      Export export = found.current();
      List<String> all = new ArrayList<>(export.paths());
      if (export.state() != State.CONNECTED) {
        return;
      }
      if (all.contains(path) || !always && all.size() >= Export.PATHS_MAX) {
        return;
      }
      if (!changes.mayContain(export, path)) {
        return;
      }
      String first = export.path();
      if (first != null && isAbove(path, first)) {
        // So what was taken for the place of its root is a directory in it.
        move(export, path);
        all = new ArrayList<>(export.paths());
        all.remove(first);
        all.add(first);
        export.setPaths(all);
        take(first, export, false);
        return;
      }
      all.add(path);
      export.setPaths(all);
      take(path, export, false);
    }
  }

  private static boolean isAbove(String path, String other) {
    return !path.equals("/") && other.startsWith(path + "/");
  }

  /**
   * Says that an fsid, of another version, names the same filesystem as this export.
   *
   * @return the export, or what it turned out to be
   */
  Export join(Export found, VersionedFsid fsid) {
    synchronized (lock) {
      Export export = found.current();
      Export other = fsids.get(fsid);
      if (other == export) {
        return export;
      }
      VersionedFsid before = export.fsid(fsid.nfsVersion());
      if (before != null) {
        return export; // it is called otherwise already; a second name would be a contradiction
      }
      if (other == null) {
        return name(export, fsid);
      }
      if (contradict(export, other)) {
        return export;
      }
      boolean otherStays = other == root || other.state() == State.CONNECTED && export != root;
      return otherStays ? merge(other, export) : merge(export, other);
    }
  }

  private Export merge(Export stays, Export goes) {
    changes.merges(goes, stays);
    List<VersionedFsid> names = new ArrayList<>(stays.fsids());
    for (VersionedFsid fsid : goes.fsids()) {
      if (!names.contains(fsid)) {
        names.add(fsid);
      }
      fsids.put(fsid, stays);
    }
    stays.setFsids(names);
    Map<Integer, Filehandle> handles = new HashMap<>(goes.roots());
    handles.putAll(stays.roots());
    handles.forEach(stays::setRoot);
    List<String> all = new ArrayList<>(stays.paths());
    for (String path : goes.state() == State.CONNECTED ? goes.paths() : List.<String>of()) {
      if (!all.contains(path)) {
        all.add(path);
      }
      paths.put(path, stays);
    }
    if (stays.state() != State.CONNECTED && goes.state() == State.CONNECTED) {
      all.remove(goes.path());
      all.add(0, goes.path());
      changes.losesPaths(stays, all);
      stays.setState(State.CONNECTED, "");
    }
    stays.setPaths(all);
    goes.become(stays);
    return stays;
  }

  /** Says that an export is no longer where it was. */
  void leave(Export found, String why) {
    synchronized (lock) {
      Export export = found.current();
      if (export != root && export.state() == State.CONNECTED) {
        changes.leaves(export);
        export.paths().forEach(path -> paths.remove(path, export));
        export.setState(State.GONE, why);
      }
    }
  }

  /** Says why an export could not be connected. */
  void explain(Export found, String why) {
    synchronized (lock) {
      Export export = found.current();
      if (export.state() != State.CONNECTED) {
        export.setState(export.state(), why);
      }
    }
  }

  /** Says that the root of the namespace has another fsid: the origin was set up anew. */
  Export rename(Export export, VersionedFsid fsid) {
    synchronized (lock) {
      VersionedFsid before = export.fsid(fsid.nfsVersion());
      if (fsid.equals(before)) {
        return export;
      }
      List<VersionedFsid> names = new ArrayList<>(export.fsids());
      names.remove(before);
      export.setFsids(names);
      if (before != null) {
        fsids.remove(before, export);
      }
      return join(export, fsid);
    }
  }

  /** Says that the origin has told of an export now. */
  void seen(Export export) {
    export.seen(nowMillis.getAsLong());
  }

  /** Remembers which exports were met since the last time. */
  void look() {
    long now = nowMillis.getAsLong();
    all().forEach(export -> export.look(lookedMillis, now));
    lookedMillis = now;
  }

  /** All exports there are, gone ones too, in the order they were met. */
  List<Export> all() {
    List<Export> all = new ArrayList<>();
    for (int i = 0; i < slots.length(); i++) {
      Export export = slots.get(i);
      if (export == null) {
        continue;
      }
      if (!export.isMerged()) {
        all.add(export);
      }
    }
    return all;
  }
}
