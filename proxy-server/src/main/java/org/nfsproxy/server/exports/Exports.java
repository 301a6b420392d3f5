package org.nfsproxy.server.exports;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export.State;

/**
 * Which export a filehandle is in. Methods may be called from any thread, and none blocks.
 *
 * <p>For a call: {@link #find} costs some tens of nanoseconds and answers for every handle met
 * lately; {@link #resolve} asks the origin. What replies show in passing is told to {@link #learn}
 * and {@link #learnChild}, which saves most questions.
 */
// find ──► HandleCache: handle -> number ──► ExportTable: number -> export
// resolve ──► Resolver ──► OriginLookups ──► Backend   puts into both
// refresh ──► Discovery ──► Resolver                   every minute
//
// What other instances tell (PeerExports) is in none of these: it only says what to ask first.
public final class Exports {
  private final Vertx vertx;
  private final ExportsSettings settings;
  private final ExportTable table;
  private final HandleCache handles;
  private final Resolver resolver;
  private final Discovery discovery;
  private final OriginLookups lookups;
  private final PeerExports peers;
  private final Supplier<Collection<String>> rulePaths;
  private volatile long timer = -1;
  private volatile boolean closed;

  /**
   * Knows nothing yet but that there is a root.
   *
   * @param rulePaths the paths that rules of the configuration in force name; their filesystems are
   *     looked up at the start and with each refresh
   */
  public Exports(
      Vertx vertx,
      Backend backend,
      ExportsSettings settings,
      Supplier<Collection<String>> rulePaths) {
    this(vertx, backend, settings, rulePaths, PeerExports.NONE);
  }

  /**
   * Knows nothing yet but that there is a root.
   *
   * @param rulePaths the paths that rules of the configuration in force name
   * @param peers what other instances tell, and who tells them
   */
  public Exports(
      Vertx vertx,
      Backend backend,
      ExportsSettings settings,
      Supplier<Collection<String>> rulePaths,
      PeerExports peers) {
    this(vertx, backend, settings, rulePaths, peers, System::nanoTime, Resolver.PLACE_MILLIS);
  }

  Exports(
      Vertx vertx,
      Backend backend,
      ExportsSettings settings,
      Supplier<Collection<String>> rulePaths,
      LongSupplier nanoTime) {
    this(vertx, backend, settings, rulePaths, nanoTime, Resolver.PLACE_MILLIS);
  }

  Exports(
      Vertx vertx,
      Backend backend,
      ExportsSettings settings,
      Supplier<Collection<String>> rulePaths,
      LongSupplier nanoTime,
      long placeMillis) {
    this(vertx, backend, settings, rulePaths, PeerExports.NONE, nanoTime, placeMillis);
  }

  private Exports(
      Vertx vertx,
      Backend backend,
      ExportsSettings settings,
      Supplier<Collection<String>> rulePaths,
      PeerExports peers,
      LongSupplier nanoTime,
      long placeMillis) {
    this.peers = peers;
    this.rulePaths = rulePaths;
    this.vertx = vertx;
    this.settings = settings;
    this.table = new ExportTable(settings.exportsMax(), System::currentTimeMillis);
    this.handles = new HandleCache(settings.handlesMax());
    Gate gate = new Gate(settings.questions().underWayMax(), settings.questions().perClientMax());
    this.lookups = new OriginLookups(vertx, backend, gate, nanoTime);
    this.resolver =
        new Resolver(
            lookups,
            gate,
            table,
            handles,
            peers,
            settings.questions().underWayMax(),
            nanoTime,
            placeMillis);
    this.discovery = new Discovery(backend, lookups, table, resolver, peers, rulePaths, nanoTime);
  }

  /**
   * Has somebody told of changes of places, from now on.
   *
   * @param changes who applies rules of paths
   */
  public void watch(PlaceChanges changes) {
    table.watch(changes);
  }

  /**
   * Looks at what the origin exports, now and from then on. Where no rule names a path, the paths
   * are for lists alone, and what other instances tell will do until the second look.
   *
   * @return completes when the first look is over; never fails
   */
  public Future<Void> start() {
    Future<Boolean> heard =
        rulePaths.get().isEmpty() ? peers.firstWord() : Future.succeededFuture(false);
    return heard
        .compose(others -> others || closed ? Future.succeededFuture() : refresh())
        .onComplete(looked -> lookLater());
  }

  private void lookLater() {
    if (!closed) {
      timer =
          vertx.setTimer(
              settings.refreshMillis(), time -> refresh().onComplete(looked -> lookLater()));
    }
  }

  /**
   * What was asked of the origin.
   *
   * @return how often, and how long it took
   */
  public QuestionTimes questionTimes() {
    return lookups.times();
  }

  /**
   * An export by its number.
   *
   * @param number what {@link Export#number} gave
   * @return the export, or what it turned out to be; null if it is known no more
   */
  public @Nullable Export numbered(long number) {
    return table.at(number);
  }

  /**
   * Looks again at what the origin exports, and whether known exports are still where they were.
   *
   * @return completes when that is done; never fails
   */
  public Future<Void> refresh() {
    return discovery.round();
  }

  /**
   * The export of a handle, if it is known. Allocates nothing.
   *
   * @param record where the handle is
   * @param handleAt index of its first byte
   * @param handleLength bytes
   * @param nfsVersion 2, 3 or 4: the version whose handle it is
   * @return the export; null if the origin must be asked
   */
  public @Nullable Export find(ByteBuf record, int handleAt, int handleLength, int nfsVersion) {
    return table.certain(handles.find(record, handleAt, handleLength, nfsVersion));
  }

  /**
   * The export that a handle is known, or likely, to be in: see {@link HandleFrom#CALL}. To count
   * by; no rule may rest on it. Allocates nothing.
   *
   * @param record where the handle is
   * @param handleAt index of its first byte
   * @param handleLength bytes
   * @param nfsVersion 2, 3 or 4: the version whose handle it is
   * @return the export; null if nothing is known
   */
  public @Nullable Export likely(ByteBuf record, int handleAt, int handleLength, int nfsVersion) {
    return table.likely(handles.find(record, handleAt, handleLength, nfsVersion));
  }

  private @Nullable Export known(
      HandleFrom from, ByteBuf record, int handleAt, int handleLength, int nfsVersion) {
    return table.known(handles.find(record, handleAt, handleLength, nfsVersion), from);
  }

  /**
   * The export of a handle, asked of the origin if it is not known, on the proxy's own account.
   *
   * @param nfsVersion 2, 3 or 4
   * @return as {@link #resolve(Filehandle, int, Asker)}
   */
  public Future<Export> resolve(Filehandle handle, int nfsVersion) {
    return resolve(handle, nfsVersion, Asker.OWN);
  }

  /**
   * The export of a handle, asked of the origin if it is not known. A new one is connected before
   * this completes, if it can be. Everybody who asks about a handle at the same time gets the same
   * answer from one question, in the turn of who comes first; an answer takes a minute at most.
   *
   * @param nfsVersion 2, 3 or 4
   * @param asker who waits for the answer
   * @return the export; or fails with {@link org.nfsproxy.backend.NfsStatusException} if the origin
   *     said no (STALE is an answer for the client), and otherwise if it said nothing, or if the
   *     asker has left
   */
  public Future<Export> resolve(Filehandle handle, int nfsVersion, Asker asker) {
    return resolver.resolve(handle, nfsVersion, asker);
  }

  /**
   * The object of a name, asked of the origin in the asker's turn. True for that instant only.
   *
   * @param name the bytes of the name
   * @param nfsVersion 2, 3 or 4
   * @param asker who waits for the answer
   * @return the object; fails as {@link #resolve(Filehandle, int, Asker)} does
   */
  public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion, Asker asker) {
    return lookups.lookUp(new Turn(asker), directory, name, nfsVersion);
  }

  /**
   * What is some levels above a directory, asked of the origin in the asker's turn.
   *
   * @param levels 1 for its parent
   * @param nfsVersion 3 or 4
   * @param asker who waits for the answer
   * @return the directory; fails as {@link #resolve(Filehandle, int, Asker)} does
   */
  public Future<Found> lookAbove(Filehandle directory, int levels, int nfsVersion, Asker asker) {
    return lookups.above(new Turn(asker), directory, levels, nfsVersion);
  }

  /**
   * The object at a path, asked of the origin in the asker's turn.
   *
   * @param path absolute; {@code /} is the root of the namespace
   * @param nfsVersion 3, where MNT is asked, or 4
   * @param asker who waits for the answer
   * @return the object; fails as {@link #resolve(Filehandle, int, Asker)} does
   */
  public Future<Found> lookUpPath(String path, int nfsVersion, Asker asker) {
    return lookups.find(new Turn(asker), path, nfsVersion);
  }

  /**
   * The most questions that one connection may have open, in whatever way they are asked.
   *
   * @return one at least
   */
  public int questionsPerConnectionMax() {
    return settings.questions().perConnectionMax();
  }

  /**
   * The root of the namespace, whose parameters all others are clones of. Known from the beginning;
   * its fsids come later.
   *
   * @param nfsVersion makes no difference; NFSv3, which has no root of its own, is judged by it too
   */
  public Export root(int nfsVersion) {
    return table.root();
  }

  /**
   * The connected export that a path is known to be in.
   *
   * @param path one of {@link Export#paths}
   * @return the export or null
   */
  public @Nullable Export at(String path) {
    return table.find(path);
  }

  /**
   * The export that has a name of the origin's.
   *
   * @return the export; null if it was not met
   */
  public @Nullable Export named(VersionedFsid fsid) {
    return table.find(fsid);
  }

  /**
   * All exports, those that are gone too.
   *
   * @return in the order of their index
   */
  public List<Export> all() {
    return table.all();
  }

  /**
   * Filesystems that other instances tell of, and that nothing was met of here. No rule is ever
   * applied to one of them: the origin is asked first.
   */
  public List<PeerExport> told() {
    return discovery.unconfirmed();
  }

  /**
   * Learns from a reply which filesystem a handle is in, if nothing is known of the handle. A reply
   * never moves one: where it says otherwise than what is known, the origin is asked about that
   * handle in the background, and its answer counts.
   *
   * @param from where the handle stood
   * @param record where the handle is
   * @param handleAt index of its first byte
   * @param handleLength bytes
   * @param nfsVersion 2, 3 or 4
   * @param fsidMajor as in {@link ObjectIdentity}
   * @param fsidMinor as in {@link ObjectIdentity}
   * @param type as in {@link ObjectIdentity}
   * @return the export it is known to be in, or, from a call, {@link #likely} to be in
   */
  public Export learn(
      HandleFrom from,
      ByteBuf record,
      int handleAt,
      int handleLength,
      int nfsVersion,
      long fsidMajor,
      long fsidMinor,
      int type) {
    Export export = known(from, record, handleAt, handleLength, nfsVersion);
    if (export == null) {
      Export said = table.meet(new VersionedFsid(nfsVersion, fsidMajor, fsidMinor), KnownFrom.CALL);
      export = resolver.keepFirst(from, record, handleAt, handleLength, nfsVersion, said);
    }
    if (!export.isNamed(nfsVersion, fsidMajor, fsidMinor)) {
      resolver.doubt(Filehandle.copy(record, handleAt, handleLength), nfsVersion);
      return export;
    }
    Evidence by = Evidence.of(type);
    if (resolver.mayPlace(export, by)) {
      Filehandle handle = Filehandle.copy(record, handleAt, handleLength);
      resolver.placeLater(export, by, handle, nfsVersion);
    }
    return export;
  }

  /**
   * Learns as {@link #learn} does, if that needs neither a lock that somebody may hold for long nor
   * a question: the filesystem has been met before, nobody has to look for its place now, and
   * nothing else is known of the handle.
   *
   * @param from where the handle stood
   * @param record where the handle is
   * @param handleAt index of its first byte
   * @param handleLength bytes
   * @param nfsVersion 2, 3 or 4
   * @param fsidMajor as in {@link ObjectIdentity}
   * @param fsidMinor as in {@link ObjectIdentity}
   * @param type as in {@link ObjectIdentity}
   * @return true if it is known now; false if it takes {@link #learn}
   */
  public boolean learnAtOnce(
      HandleFrom from,
      ByteBuf record,
      int handleAt,
      int handleLength,
      int nfsVersion,
      long fsidMajor,
      long fsidMinor,
      int type) {
    Export export = known(from, record, handleAt, handleLength, nfsVersion);
    if (export == null) {
      export = table.find(new VersionedFsid(nfsVersion, fsidMajor, fsidMinor));
      if (export == null
          || !handles.offerFirst(
              record, handleAt, handleLength, nfsVersion, ExportTable.number(export, from))) {
        return false;
      }
      export.countHandle();
    } else if (!export.isNamed(nfsVersion, fsidMajor, fsidMinor)) {
      return false;
    }
    return !resolver.mayPlace(export, Evidence.of(type));
  }

  /**
   * Whether a reply says of a handle what is known of it: the filesystem it is in has this name,
   * and nobody has to look for its place now.
   *
   * @param known the export that the handle is known to be in
   * @param nfsVersion 2, 3 or 4
   * @param fsidMajor as in {@link ObjectIdentity}
   * @param fsidMinor as in {@link ObjectIdentity}
   * @param type as in {@link ObjectIdentity}
   * @return false if it takes {@link #learn}
   */
  public boolean isNothingNew(
      Export known, int nfsVersion, long fsidMajor, long fsidMinor, int type) {
    return known.isNamed(nfsVersion, fsidMajor, fsidMinor)
        && !resolver.mayPlace(known, Evidence.of(type));
  }

  /**
   * Learns from a reply which filesystem an object is in, as {@link #learn} does, and that a name
   * leads to it. Where the directory is in another filesystem, that is the place of the object's.
   *
   * @param name the bytes of the name in it
   * @param nfsVersion 2, 3 or 4
   */
  public Export learnChild(
      Filehandle directory,
      byte[] name,
      Filehandle child,
      int nfsVersion,
      ObjectIdentity identity) {
    Export export = resolver.known(child, nfsVersion);
    if (export == null) {
      Export said = table.meet(VersionedFsid.of(nfsVersion, identity), KnownFrom.CALL);
      export =
          resolver.keepFirst(HandleFrom.REPLY, bytes(child), 0, child.length(), nfsVersion, said);
    }
    if (!export.isNamed(nfsVersion, identity.fsidMajor(), identity.fsidMinor())) {
      resolver.doubt(child, nfsVersion);
      return export;
    }
    Export above = likely(bytes(directory), 0, directory.length(), nfsVersion);
    if (identity.type() != ObjectIdentity.DIRECTORY
        || above == null
        || above == export
        || isDots(name)) {
      return export;
    }
    String text = PathName.text(name);
    if (export.state() != State.CONNECTED) {
      if (resolver.mayPlace(export, Evidence.NAME)) {
        resolver.placeBelow(export, directory, text, child, nfsVersion);
      }
    } else if (directory.equals(above.root(nfsVersion)) && export != table.root()) {
      String pathAbove = above.path();
      if (pathAbove != null && !PathName.below(pathAbove, text).equals(export.path())) {
        discovery.verify(export);
      }
    }
    return export;
  }

  private static ByteBuf bytes(Filehandle handle) {
    return Unpooled.wrappedBuffer(handle.bytes());
  }

  private static boolean isDots(byte[] name) {
    return name.length > 0
        && name[0] == '.'
        && (name.length == 1 || name.length == 2 && name[1] == '.');
  }

  /** Looks no more. */
  public void close() {
    closed = true;
    vertx.cancelTimer(timer);
  }
}
