package org.nfsproxy.server.exports;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.policy.HeldParameters;
import org.nfsproxy.server.policy.KnownParameters;

/**
 * A filesystem of the origin, under all the names it has. Reading takes no lock; what is read one
 * after the other may be of different moments. Only {@link ExportTable} changes it, but for the
 * counters and {@link #keep}.
 */
public final class Export {
  /** Whether it has a place in the namespace. */
  public enum State {
    /** Its path is known. */
    CONNECTED,
    /** Nobody knows its path yet: only files of it were met, or its parent could not be asked. */
    DISCONNECTED,
    /** It was connected, and is there no more; another may have its path. */
    GONE
  }

  /**
   * More paths than this are not kept, but for those that rules name: a filesystem of home
   * directories may have each of them in MOUNT's list.
   */
  static final int PATHS_MAX = 64;

  private static final long NEVER = 0;

  private final int index;
  private final int serial;
  private final KnownFrom knownFrom;
  private final AtomicLongArray triedNanos = new AtomicLongArray(Evidence.values().length);
  private final LongAdder handles = new LongAdder();
  private final LongAdder calls = new LongAdder();
  private final LongAdder refusals = new LongAdder();

  private volatile State state = State.DISCONNECTED;
  private volatile List<String> paths = List.of();
  private volatile List<VersionedFsid> fsids = List.of();
  private volatile Map<Integer, Filehandle> roots = Map.of();
  private volatile String why;
  private volatile long firstSeenMillis = NEVER;
  private volatile long lastSeenMillis = NEVER;
  private volatile long usedMillis;
  private volatile @Nullable Export successor;
  private volatile int changes;
  private volatile @Nullable KnownParameters parameters;
  private volatile @Nullable HeldParameters held;
  private long callsWhenLooked;
  private long handlesWhenLooked;

  Export(int index, int serial, KnownFrom knownFrom, long nowMillis) {
    this.index = index;
    this.serial = serial;
    this.knownFrom = knownFrom;
    this.usedMillis = nowMillis;
    for (Evidence evidence : Evidence.values()) {
      tried(evidence, Long.MIN_VALUE);
    }
    this.why = "only files of it were met";
  }

  /**
   * A small number that no other export has at the same time. When the table is full, a new export
   * takes the number of one that was dropped; see {@link #keep} for what follows.
   *
   * @return 0 to limits.exportsMax - 1
   */
  public int index() {
    return index;
  }

  /**
   * What handles are kept with: its {@link #index} in the lower half, and never used again.
   *
   * @return above 0
   */
  public long number() {
    return (long) serial << 32 | index;
  }

  static int indexOf(long number) {
    return (int) number;
  }

  /**
   * Where the root of this filesystem is.
   *
   * @return its path from the root of the namespace; null as long as nobody knows
   */
  public @Nullable String path() {
    List<String> known = paths;
    return known.isEmpty() ? null : known.get(0);
  }

  /**
   * All paths that are known to be in this filesystem and in no other: that of its root first, then
   * those that the origin lists or that rules name. The first may stand below the others' roots in
   * another version: an origin may call {@code /} in NFSv4 what MOUNT calls {@code /export}.
   *
   * @return paths; empty as long as none is known
   */
  public List<String> paths() {
    return paths;
  }

  /** Whether it has a place in the namespace. */
  public State state() {
    return state;
  }

  /**
   * Why it is not connected, for the administrator.
   *
   * @return a few words; empty if it is connected
   */
  public String why() {
    return state == State.CONNECTED ? "" : why;
  }

  /**
   * The origin's names for it.
   *
   * @return one for each version that was met, in no order
   */
  public List<VersionedFsid> fsids() {
    return fsids;
  }

  /**
   * The origin's name for it in a version.
   *
   * @param nfsVersion 2, 3 or 4
   * @return the name; null if it was not met in this version
   */
  public @Nullable VersionedFsid fsid(int nfsVersion) {
    List<VersionedFsid> all = fsids;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).nfsVersion() == nfsVersion) {
        return all.get(i);
      }
    }
    return null;
  }

  boolean isNamed(int nfsVersion, long major, long minor) {
    VersionedFsid fsid = fsid(nfsVersion);
    return fsid != null && fsid.major() == major && fsid.minor() == minor;
  }

  /**
   * The handle of its root directory.
   *
   * @param nfsVersion 3 or 4
   * @return the handle; null if it is not known
   */
  public @Nullable Filehandle root(int nfsVersion) {
    return roots.get(nfsVersion);
  }

  /**
   * How it came to be known.
   *
   * @return the first way
   */
  public KnownFrom knownFrom() {
    return knownFrom;
  }

  /**
   * When the origin showed it first.
   *
   * @return milliseconds since 1970; 0 if it never did
   */
  public long firstSeenMillis() {
    return firstSeenMillis;
  }

  /**
   * When the origin last showed it or said where it is, as of the last refresh. Calls for it do not
   * count: they may have no answer.
   *
   * @return milliseconds since 1970; 0 if it never did
   */
  public long lastSeenMillis() {
    return lastSeenMillis;
  }

  /** When it was of use to somebody, as of the last refresh. */
  long usedMillis() {
    return usedMillis;
  }

  /** Counts a call, or an operation of a COMPOUND, that was for this export. */
  public void countCall() {
    calls.increment();
  }

  /** Counts one that was refused. */
  public void countRefusal() {
    refusals.increment();
  }

  void countHandle() {
    handles.increment();
  }

  /**
   * Handles that were found to be in it, by asking or in passing.
   *
   * @return how many; one that was forgotten and found again counts twice
   */
  public long handles() {
    return handles.sum();
  }

  /** Calls for it. */
  public long calls() {
    return calls.sum();
  }

  /** Refused calls. */
  public long refusals() {
    return refusals.sum();
  }

  /** How often what rules look at has changed: its paths and fsids, and what it is held to. */
  public int changes() {
    return changes;
  }

  /**
   * Keeps the parameters that were worked out for this export, with the {@link #changes} of before.
   * Two threads may do so at once.
   */
  public void keep(KnownParameters known) {
    parameters = known;
  }

  /**
   * The parameters that were kept last; they may be of other rules, or of before a change.
   *
   * @return null if none were
   */
  public @Nullable KnownParameters parameters() {
    return parameters;
  }

  /**
   * What it is held to because of places where it is no more, see {@link PlaceChanges}.
   *
   * @return null if nothing is
   */
  public @Nullable HeldParameters held() {
    return held;
  }

  /**
   * Holds it to something from now on. By {@link PlaceChanges} only.
   *
   * @param more what {@link #held} gives
   */
  public void hold(HeldParameters more) {
    held = more;
    changes++;
  }

  /**
   * Whether this and another are one filesystem, by what is known now.
   *
   * @return true if one has turned out to be the other
   */
  public boolean is(Export other) {
    return current() == other.current();
  }

  /** When it was last tried to find its path, as nanoTime; {@code Long.MIN_VALUE} for never. */
  long triedNanos(Evidence by) {
    return triedNanos.get(by.ordinal());
  }

  void tried(Evidence by, long nowNanos) {
    triedNanos.set(by.ordinal(), nowNanos);
  }

  // From here on: under the table's lock only.

  void setState(State state, String why) {
    this.why = why;
    this.state = state;
    changes++;
  }

  void setPaths(List<String> paths) {
    this.paths = List.copyOf(paths);
    changes++;
  }

  void setFsids(List<VersionedFsid> fsids) {
    this.fsids = List.copyOf(fsids);
    changes++;
  }

  void setRoot(int nfsVersion, Filehandle root) {
    Map<Integer, Filehandle> all = new HashMap<>(roots);
    all.put(nfsVersion, root);
    roots = Map.copyOf(all);
  }

  Map<Integer, Filehandle> roots() {
    return roots;
  }

  /** Says that this was another export all along, which has taken over all that is known of it. */
  void become(Export other) {
    other.handles.add(handles.sum());
    other.calls.add(calls.sum());
    other.refusals.add(refusals.sum());
    successor = other;
  }

  /** This one, or what it turned out to be. */
  Export current() {
    Export at = this;
    while (at.successor != null) {
      at = at.successor;
    }
    return at;
  }

  boolean isMerged() {
    return successor != null;
  }

  /** Looks what was counted since the last look: when of that time, nobody knows. */
  void look(long beforeMillis, long nowMillis) {
    long handlesNow = handles.sum();
    long callsNow = calls.sum();
    if (handlesNow != handlesWhenLooked) {
      seen(Math.max(lastSeenMillis, beforeMillis));
    }
    if (handlesNow != handlesWhenLooked || callsNow != callsWhenLooked) {
      usedMillis = nowMillis;
    }
    handlesWhenLooked = handlesNow;
    callsWhenLooked = callsNow;
  }

  /** Says that the origin has told of it. */
  void seen(long nowMillis) {
    if (firstSeenMillis == NEVER) {
      firstSeenMillis = nowMillis;
    }
    lastSeenMillis = nowMillis;
  }

  @Override
  public String toString() {
    return (path() == null ? "an export without a path" : path())
        + " "
        + new TreeSet<>(fsids.stream().map(VersionedFsid::toString).toList());
  }
}
