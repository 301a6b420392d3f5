package org.nfsproxy.server.exports;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.concurrent.SingleFlight;
import org.nfsproxy.concurrent.TimeLimit;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the export of a handle by asking the origin. */
// For a handle: GETATTR, and the fsid is the export. Only for an fsid that has no path yet there
// is more to do, once for all its handles:
//
//   peers             what another instance says of it, if the origin confirms it: Confirmation
//   another version   the same bytes are asked about in the other version. A Linux server gives the
//                     same handles in all versions, so one filesystem's names are joined, and
//                     a file that came by NFSv3 gets a path that NFSv4 knew. Fileid and type must
//                     agree.
//   up to the root    if it is a directory: PathResolver
//   the list          if that leads nowhere (NFSv3 does not look above an export's root, and
//                     nothing does from a file): what MOUNT lists is looked through again
//   a search          if it is not there either, and rules of paths make it matter
//
// What fails leaves the export disconnected, and is tried again when it is met after a while. What
// takes too long goes on, and whoever waits for it is told "later": the origin has answered which
// filesystem it is, so nobody's connection need end.
final class Resolver {
  private static final Logger log = LoggerFactory.getLogger(Resolver.class);

  /** What it takes at most to find the place of a filesystem that is met for the first time. */
  static final long PLACE_MILLIS = 15_000;

  /** Waiting for its turn included: by then a client asks again by itself. */
  private static final long RESOLVE_MILLIS = 60_000;

  /** How long a filesystem stays without a path before the next directory of it is asked about. */
  private static final long TRY_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Versions whose handles lead to a path, the one that sees most first. */
  private static final List<Integer> PLACING_VERSIONS = List.of(4, 3);

  private record About(Filehandle handle, int nfsVersion) {}

  private record Placing(Export export, Evidence by) {}

  /** Looks through the origin's list of exports again. */
  interface Lists {
    /** Completes when it is done, whatever came of it. */
    Future<Void> lookAgain();

    /** Looks for what is on no list; completes likewise. */
    Future<Void> search();
  }

  private static final Lists NO_LISTS =
      new Lists() {
        @Override
        public Future<Void> lookAgain() {
          return Future.succeededFuture();
        }

        @Override
        public Future<Void> search() {
          return Future.succeededFuture();
        }
      };

  private final OriginLookups lookups;
  private final ExportTable table;
  private final HandleCache handles;
  private final PeerExports peers;
  private final Confirmation confirmation;
  private final LongSupplier nanoTime;
  private final long placeMillis;
  private final SharedQuestions<About, Export> resolving;
  private final SingleFlight<Placing, Export> placing = new SingleFlight<>();
  private final SingleFlight<Placing, Export> inBackground = new SingleFlight<>();
  private final SingleFlight<About, Export> doubts = new SingleFlight<>();
  private final int doubtsMax;
  private volatile Lists lists = NO_LISTS;

  Resolver(
      OriginLookups lookups,
      Gate gate,
      ExportTable table,
      HandleCache handles,
      PeerExports peers,
      int doubtsMax,
      LongSupplier nanoTime,
      long placeMillis) {
    this.lookups = lookups;
    this.doubtsMax = doubtsMax;
    this.resolving = new SharedQuestions<>(gate);
    this.table = table;
    this.handles = handles;
    this.peers = peers;
    this.confirmation = new Confirmation(lookups);
    this.nanoTime = nanoTime;
    this.placeMillis = placeMillis;
  }

  void setLists(Lists lists) {
    this.lists = lists;
  }

  /** The export of a handle; one task for all who ask at the same time. */
  Future<Export> resolve(Filehandle handle, int nfsVersion, Asker asker) {
    return resolving.ask(
        new About(handle, nfsVersion),
        asker,
        turn ->
            OriginLookups.within(RESOLVE_MILLIS, ask(handle, nfsVersion, turn))
                .onFailure(failure -> turn.giveUp()));
  }

  private Future<Export> ask(Filehandle handle, int nfsVersion, Turn turn) {
    Export known = known(handle, nfsVersion);
    if (known != null && known.state() == State.CONNECTED) {
      return Future.succeededFuture(known);
    }
    return lookups
        .identify(turn, handle, nfsVersion)
        .compose(
            identity ->
                TimeLimit.within(
                    placeMillis,
                    settle(handle, nfsVersion, identity),
                    () -> new NfsStatusException(Failure.DELAY)));
  }

  private Future<Export> settle(Filehandle handle, int nfsVersion, ObjectIdentity identity) {
    Export met = table.meet(VersionedFsid.of(nfsVersion, identity), KnownFrom.CALL);
    return place(met, handle, nfsVersion, identity)
        .compose(at -> at.state() == State.CONNECTED ? Future.succeededFuture(at) : byList(at))
        .map(at -> kept(handle, nfsVersion, at));
  }

  /** The export that a handle is known to be in, or null. */
  @Nullable Export known(Filehandle handle, int nfsVersion) {
    ByteBuf bytes = Unpooled.wrappedBuffer(handle.bytes());
    return table.certain(handles.find(bytes, 0, handle.length(), nfsVersion));
  }

  private Export kept(Filehandle handle, int nfsVersion, Export export) {
    keep(handle, nfsVersion, export);
    return export;
  }

  void keep(Filehandle handle, int nfsVersion, Export export) {
    ByteBuf bytes = Unpooled.wrappedBuffer(handle.bytes());
    long number = handles.find(bytes, 0, handle.length(), nfsVersion);
    if (number != export.number()) {
      handles.put(bytes, 0, handle.length(), nfsVersion, export.number());
      countHandle(export, number);
    }
  }

  private void countHandle(Export export, long before) {
    if (table.likely(before) != export) {
      export.countHandle();
    }
  }

  /**
   * Keeps with a handle the export that a reply says it is in, if nothing is known of the handle.
   *
   * @return the export that is known now: this, or another that was known before
   */
  Export keepFirst(
      HandleFrom from, ByteBuf bytes, int at, int length, int nfsVersion, Export export) {
    long kept = ExportTable.number(export, from);
    while (true) {
      long number = handles.find(bytes, at, length, nfsVersion);
      Export known = table.known(number, from);
      if (known != null) {
        return known;
      }
      if (handles.putFirst(bytes, at, length, nfsVersion, kept, number)) {
        countHandle(export, number);
        return export;
      }
    }
  }

  /**
   * Asks about a handle of which a reply says otherwise than what is known, in the background: once
   * at a time for a handle, and not about all too many at once. Until the origin has answered, what
   * is known holds; the next such reply asks again.
   */
  void doubt(Filehandle handle, int nfsVersion) {
    About about = new About(handle, nfsVersion);
    if (doubts.size() >= doubtsMax) {
      return;
    }
    doubts.join(
        about,
        () ->
            OriginLookups.within(
                    RESOLVE_MILLIS, lookups.identify(new Turn(Asker.DOUBTS), handle, nfsVersion))
                .compose(identity -> settleAnew(handle, nfsVersion, identity)));
  }

  // At once, and then its place is looked for: what has none is held to the strictest meanwhile.
  private Future<Export> settleAnew(Filehandle handle, int nfsVersion, ObjectIdentity identity) {
    Export said = table.meet(VersionedFsid.of(nfsVersion, identity), KnownFrom.CALL);
    Export known = known(handle, nfsVersion);
    if (known != null && known != said) {
      log.info("a handle that was in {} is in {} now", known, said);
    }
    keep(handle, nfsVersion, said);
    return settle(handle, nfsVersion, identity);
  }

  /** Whether it is time to look for an export's path, now that an object of it is met. */
  boolean mayPlace(Export export, Evidence by) {
    long last = export.triedNanos(by);
    return export.state() != State.CONNECTED
        && (last == Long.MIN_VALUE || nanoTime.getAsLong() - last > TRY_AGAIN_NANOS);
  }

  /** Resolves in the background: one handle of an export at a time, and no client waits for it. */
  void placeLater(Export export, Evidence by, Filehandle handle, int nfsVersion) {
    inBackground.join(new Placing(export, by), () -> resolve(handle, nfsVersion, Asker.OWN));
  }

  /**
   * Finds the path of an export, if it has none, from an object of it.
   *
   * @return the export, or what it turned out to be, with or without a path; never fails
   */
  Future<Export> place(Export export, Filehandle handle, int nfsVersion, ObjectIdentity identity) {
    if (export.state() == State.CONNECTED) {
      return Future.succeededFuture(export);
    }
    Evidence by = Evidence.of(identity.type());
    return placing.join(
        new Placing(export, by),
        () -> {
          if (!mayPlace(export, by)) {
            return Future.succeededFuture(export.current());
          }
          export.tried(by, nanoTime.getAsLong());
          List<String> reasons = new ArrayList<>();
          Future<Export> placed = byHearsay(export, VersionedFsid.of(nfsVersion, identity));
          for (int asking : PLACING_VERSIONS) {
            placed =
                placed.compose(
                    at ->
                        asking == nfsVersion
                            ? byAscent(at, handle, nfsVersion, identity, reasons)
                            : byOtherVersion(at, handle, asking, identity, reasons));
          }
          return placed
              .compose(
                  at ->
                      at.state() == State.CONNECTED
                          ? named(at).map(this::told)
                          : Future.succeededFuture(explained(at, reasons)))
              .otherwise(failure -> unplaced(export, failure));
        });
  }

  // What is said may be wrong, and then the origin is asked as if nothing had been said.
  private Future<Export> byHearsay(Export export, VersionedFsid met) {
    return peers
        .about(met)
        .compose(
            told ->
                told == null
                    ? Future.succeededFuture(export)
                    : confirmation
                        .of(told, met)
                        .map(confirmed -> connect(export, told.path(), confirmed))
                        .onFailure(why -> log.debug("{} is not at {}", export, told.path(), why)))
        .otherwise(export);
  }

  private Export connect(Export export, String path, Confirmation.Confirmed confirmed) {
    VersionedFsid fsid = confirmed.fsid();
    Export joined = table.join(export, fsid);
    return joined.isNamed(fsid.nfsVersion(), fsid.major(), fsid.minor())
        ? connect(joined, path, fsid.nfsVersion(), confirmed.root().handle())
        : joined;
  }

  /** Takes in what another instance told of, if it is so; completes in any case. */
  Future<Void> take(PeerExport told) {
    return confirmation
        .of(told)
        .compose(
            confirmed -> {
              Export met = table.meet(confirmed.fsid(), KnownFrom.FLEET);
              return met.state() == State.CONNECTED
                  ? Future.succeededFuture(met)
                  : named(connect(met, told.path(), confirmed));
            })
        .onFailure(why -> log.debug("nothing of what was told is at {}", told.path(), why))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private Export told(Export export) {
    PeerExport found = PeerExport.of(export);
    if (found != null) {
      peers.tell(found);
    }
    return export;
  }

  private Export unplaced(Export export, Throwable failure) {
    return explained(export, List.of(Reason.of(failure)));
  }

  private Export explained(Export export, List<String> reasons) {
    if (!reasons.isEmpty()) {
      table.explain(export, String.join("; ", reasons));
      log.debug("{} is not connected: {}", export, reasons);
    }
    return export.current();
  }

  /** Joins what the same bytes name in another version, and looks for the place there. */
  private Future<Export> byOtherVersion(
      Export export, Filehandle handle, int other, ObjectIdentity identity, List<String> reasons) {
    boolean nothingNew = export.fsid(other) != null && identity.type() != ObjectIdentity.DIRECTORY;
    if (export.state() == State.CONNECTED || nothingNew || !fits(handle, other)) {
      return Future.succeededFuture(export);
    }
    return lookups
        .identify(handle, other)
        .compose(
            found -> {
              if (!isSame(identity, found)) {
                return Future.succeededFuture(export);
              }
              Export joined = table.join(export, VersionedFsid.of(other, found));
              return joined.isNamed(other, found.fsidMajor(), found.fsidMinor())
                  ? byAscent(joined, handle, other, found, reasons)
                  : Future.succeededFuture(joined);
            })
        .otherwise(export)
        .map(Export::current);
  }

  private static boolean fits(Filehandle handle, int nfsVersion) {
    return nfsVersion == 4 || handle.length() <= Filehandle.NFS3_BYTES_MAX;
  }

  /** Whether two versions tell of one object, as far as anybody can say. */
  static boolean isSame(ObjectIdentity one, ObjectIdentity other) {
    return one.fileid() == other.fileid() && one.type() == other.type();
  }

  private Future<Export> byAscent(
      Export export,
      Filehandle handle,
      int nfsVersion,
      ObjectIdentity identity,
      List<String> reasons) {
    if (export.state() == State.CONNECTED
        || identity.type() != ObjectIdentity.DIRECTORY
        || !PLACING_VERSIONS.contains(nfsVersion)) {
      return Future.succeededFuture(export);
    }
    return pathResolver(nfsVersion)
        .from(handle, identity)
        .map(place -> connect(export, place.path(), nfsVersion, place.root()))
        .otherwise(
            failure -> {
              reasons.add("NFSv" + nfsVersion + ": " + Reason.of(failure));
              return export;
            });
  }

  private PathResolver pathResolver(int nfsVersion) {
    return new PathResolver(
        lookups,
        nfsVersion,
        directory -> {
          Export at = known(directory, nfsVersion);
          return at != null
                  && at.state() == State.CONNECTED
                  && directory.equals(at.root(nfsVersion))
              ? at.path()
              : null;
        });
  }

  private Export connect(Export export, String path, int nfsVersion, Filehandle root) {
    Export connected = table.connect(export, path, nfsVersion, root);
    keep(root, nfsVersion, connected);
    log.info("export {} found", connected);
    return connected;
  }

  /**
   * Gives a directory's export its place below another directory, whose path may have to be asked.
   */
  Future<Export> placeBelow(
      Export export, Filehandle above, String name, Filehandle root, int nfsVersion) {
    return placing.join(
        new Placing(export, Evidence.NAME),
        () -> {
          export.tried(Evidence.NAME, nanoTime.getAsLong());
          return pathResolver(nfsVersion)
              .pathOf(above)
              .map(path -> connect(export, PathName.below(path, name), nfsVersion, root))
              .compose(this::named)
              .map(this::told)
              .otherwise(failure -> unplaced(export, failure));
        });
  }

  /** Learns what the other versions call an export, so that no handle of it is without a path. */
  Future<Export> named(Export export) {
    Future<Export> named = Future.succeededFuture(export.current());
    for (int from : PLACING_VERSIONS) {
      for (int other : PLACING_VERSIONS) {
        if (other != from) {
          named = named.compose(at -> name(at, from, other).map(Export::current));
        }
      }
    }
    return named;
  }

  private Future<Export> name(Export export, int nfsVersion, int other) {
    Filehandle root = export.root(nfsVersion);
    if (root == null || export.root(other) != null || !fits(root, other)) {
      return Future.succeededFuture(export);
    }
    return lookups
        .identify(root, other)
        .compose(
            found ->
                lookups
                    .identify(root, nfsVersion)
                    .map(own -> isSame(own, found) ? called(export, found, other, root) : export))
        .otherwise(export);
  }

  private Export called(Export export, ObjectIdentity found, int other, Filehandle root) {
    Export joined = table.join(export, VersionedFsid.of(other, found));
    String path = joined.path();
    if (path != null && joined.isNamed(other, found.fsidMajor(), found.fsidMinor())) {
      table.connect(joined, path, other, root);
      keep(root, other, joined);
    }
    return joined;
  }

  // Not while placing: looking through the list places exports, and would wait for itself.
  private Future<Export> byList(Export export) {
    return lists
        .lookAgain()
        .compose(
            looked ->
                export.current().state() == State.CONNECTED
                    ? Future.succeededFuture()
                    : lists.search())
        .map(looked -> export.current());
  }
}
