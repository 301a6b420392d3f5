package org.nfsproxy.server.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.rpc.CallCredential;

/** Reads files before a client asks for them, when an administrator says so. For all threads. */
public final class Warming {
  private final Holdings holdings;
  private final Backend backend;
  private final ReadOrigin origin;
  private final CallCredential as;
  private final KeptFiles kept;
  private final Turns turns;
  private final WarmBounds bounds;
  private final LongSupplier millis;
  private final AtomicReference<@Nullable WarmRun> last = new AtomicReference<>();

  /**
   * Nothing runs yet.
   *
   * @param holdings what is here by then is not read
   * @param backend tells where paths begin
   * @param origin reads
   * @param as with whose permission
   * @param kept of which files data are kept
   * @param millis the time of day
   */
  public Warming(
      Holdings holdings,
      Backend backend,
      ReadOrigin origin,
      CallCredential as,
      KeptFiles kept,
      Turns turns,
      WarmBounds bounds,
      LongSupplier millis) {
    this.holdings = holdings;
    this.backend = backend;
    this.origin = origin;
    this.as = as;
    this.kept = kept;
    this.turns = turns;
    this.bounds = bounds;
    this.millis = millis;
  }

  /** What it may take. */
  public WarmBounds bounds() {
    return bounds;
  }

  /**
   * Begins to read.
   *
   * @param paths of files, and of directories whose files are meant; absolute, without . and ..
   * @param nfsVersions by which versions of NFS, 3 and 4: data are kept for each by itself
   * @return false if a run goes on already
   */
  public boolean begin(List<String> paths, List<Integer> nfsVersions) {
    WarmRun before = last.get();
    if (before != null && before.progress().isRunning()) {
      return false;
    }
    WarmRun run =
        new WarmRun(
            holdings,
            new OwnReads(holdings.cache(), origin, kept, turns),
            origin,
            new WarmNames(backend, origin, as),
            as,
            kept,
            turns,
            bounds,
            millis,
            nfsVersions);
    if (!last.compareAndSet(before, run)) {
      return false;
    }
    List<WarmItem> items = new ArrayList<>();
    for (int nfsVersion : nfsVersions) {
      paths.forEach(path -> items.add(new WarmItem(path, nfsVersion, null, 0)));
    }
    run.begin(items);
    return true;
  }

  /**
   * Ends the run that goes on.
   *
   * @return false if none does
   */
  public boolean stop() {
    WarmRun run = last.get();
    if (run == null || !run.progress().isRunning()) {
      return false;
    }
    run.stop("it was stopped");
    return true;
  }

  /** How far the last run has come; null if there was none. */
  public @Nullable WarmProgress progress() {
    WarmRun run = last.get();
    return run == null ? null : run.progress();
  }
}
