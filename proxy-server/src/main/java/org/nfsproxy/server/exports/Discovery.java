package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.concurrent.SingleFlight;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at what the origin lists, and whether what is known is still true. */
// A round: the root; each path that the origin lists or a rule names, in NFSv4 and in NFSv3; then
// some of the connected exports, the next ones in the next round. Whatever does not answer is left
// as it was: an origin that is away has not lost its exports.
//
// What other instances tell of and nobody here knows is looked up too, and all that was found is
// told to them.
//
// A path that a rule names is looked up so that its filesystem is known before a client shows a
// handle of it: a rule must not begin to hold when the first directory is met.
final class Discovery {
  private static final Logger log = LoggerFactory.getLogger(Discovery.class);

  /** Paths asked about at once; each waits for its turn among the clients' questions. */
  private static final int AT_ONCE = 16;

  /** Paths of one list; beyond it they are found when first met. */
  private static final int PATHS_MAX = 65536;

  /** Exports of a round whose place is looked at again: about eight questions a second. */
  private static final int VERIFIED_MAX = 512;

  /** The list is not looked through again sooner for a handle that nobody can place. */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * A search reads up to 2,048 directories, and what it does not find once it will not find soon.
   */
  private static final long SEARCH_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(5);

  private static final String ROUND = "round";
  private static final String LIST = "list";
  private static final String SEARCH = "search";

  private final Backend backend;
  private final OriginLookups lookups;
  private final ExportTable table;
  private final Resolver resolver;
  private final PeerExports peers;
  private final Supplier<Collection<String>> rulePaths;
  private final LongSupplier nanoTime;
  private final SingleFlight<String, Void> rounds = new SingleFlight<>();
  private final SingleFlight<Export, Void> verifying = new SingleFlight<>();
  private int verifyFrom;
  private volatile long listedNanos = Long.MIN_VALUE;
  private volatile long searchedNanos = Long.MIN_VALUE;

  Discovery(
      Backend backend,
      OriginLookups lookups,
      ExportTable table,
      Resolver resolver,
      PeerExports peers,
      Supplier<Collection<String>> rulePaths,
      LongSupplier nanoTime) {
    this.backend = backend;
    this.lookups = lookups;
    this.table = table;
    this.resolver = resolver;
    this.peers = peers;
    this.rulePaths = rulePaths;
    this.nanoTime = nanoTime;
    resolver.setLists(
        new Resolver.Lists() {
          @Override
          public Future<Void> lookAgain() {
            return listAgain();
          }

          @Override
          public Future<Void> search() {
            return Discovery.this.search();
          }
        });
  }

  /** One round, or the one that is under way; never fails. */
  Future<Void> round() {
    return rounds.join(
        ROUND,
        () -> {
          long begunNanos = nanoTime.getAsLong();
          return root()
              .compose(done -> list())
              .compose(done -> each(someTold(), resolver::take))
              .compose(done -> verify())
              .onComplete(done -> tellAll())
              .onComplete(done -> told(begunNanos));
        });
  }

  private void told(long begunNanos) {
    if (log.isDebugEnabled()) {
      log.debug(
          "looked at the origin: {} filesystems are known now, of which {} are connected; it took {}"
              + " ms",
          table.all().size(),
          table.all().stream().filter(export -> export.state() == State.CONNECTED).count(),
          (nanoTime.getAsLong() - begunNanos) / 1_000_000);
    }
  }

  // Others in each round, so that what the origin does not confirm is not in the way of the rest.
  private List<PeerExport> someTold() {
    List<PeerExport> all = new ArrayList<>(unconfirmed());
    Collections.shuffle(all);
    return all.subList(0, Math.min(VERIFIED_MAX, all.size()));
  }

  /** What others tell of and is not known here. */
  List<PeerExport> unconfirmed() {
    return peers.all().stream()
        .filter(told -> told.fsids().stream().noneMatch(this::isConnected))
        .toList();
  }

  private boolean isConnected(VersionedFsid fsid) {
    Export export = table.find(fsid);
    return export != null && export.state() == State.CONNECTED;
  }

  private void tellAll() {
    table.look();
    peers.tellAll(table.all().stream().map(PeerExport::of).filter(Objects::nonNull).toList());
  }

  private Future<Void> listAgain() {
    Future<Void> underWay = rounds.underWay(LIST);
    if (underWay != null) {
      return underWay;
    }
    return isSince(listedNanos, LOOK_AGAIN_NANOS) ? done() : list();
  }

  private boolean isSince(long lastNanos, long nanos) {
    return lastNanos != Long.MIN_VALUE && nanoTime.getAsLong() - lastNanos < nanos;
  }

  /**
   * Looks for filesystems that nobody lists. A file's handle does not lead to its directory, so
   * after a restart this is the only way to its path until somebody enters it; and as long as that
   * is not known, every rule of a path must hold. Without such rules paths are nobody's need.
   */
  private Future<Void> search() {
    Future<Void> underWay = rounds.underWay(SEARCH);
    if (underWay != null) {
      return underWay;
    }
    if (rulePaths.get().isEmpty() || isSince(searchedNanos, SEARCH_AGAIN_NANOS)) {
      return done();
    }
    return rounds.join(
        SEARCH,
        () -> {
          searchedNanos = nanoTime.getAsLong();
          return backend.nestedExports().otherwise(List.of()).compose(this::lookAtNested);
        });
  }

  private Future<Void> lookAtNested(List<String> nested) {
    List<String> unknown = nested.stream().filter(path -> table.find(path) == null).toList();
    log.info("searched for exports that nobody lists: {} found", unknown.size());
    return each(unknown, path -> lookAt(path, KnownFrom.SEARCH));
  }

  private Future<Void> root() {
    return lookups
        .find("/", 4)
        .compose(
            found -> {
              Export root = table.rename(table.root(), VersionedFsid.of(4, found.identity()));
              table.connect(root, "/", 4, found.handle());
              resolver.keep(found.handle(), 4, root);
              return resolver.named(root);
            })
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private Future<Void> list() {
    return rounds.join(
        LIST,
        () -> {
          listedNanos = nanoTime.getAsLong();
          return backend
              .exports()
              .onSuccess(paths -> log.debug("the origin lists {} paths", paths.size()))
              .onFailure(why -> log.debug("the origin lists nothing: {}", Reason.of(why)))
              .otherwise(List.of())
              .compose(this::lookAt);
        });
  }

  private Future<Void> lookAt(List<String> listed) {
    Map<String, KnownFrom> paths = new LinkedHashMap<>();
    rulePaths.get().forEach(path -> paths.put(path, KnownFrom.RULE));
    listed.stream().limit(PATHS_MAX).forEach(path -> paths.putIfAbsent(path, KnownFrom.LIST));
    paths.remove("/");
    return each(List.copyOf(paths.entrySet()), path -> lookAt(path.getKey(), path.getValue()));
  }

  private Future<Void> lookAt(String path, KnownFrom from) {
    return find(path, 4)
        .compose(found -> settle(path, from, found, 4).map(found))
        .otherwiseEmpty()
        .compose(found -> isNamed(path, 3) ? done() : lookAtMount(path, from, found))
        .otherwiseEmpty();
  }

  private Future<Void> lookAtMount(String path, KnownFrom from, @Nullable Found inFour) {
    return find(path, 3)
        .compose(
            found -> {
              if (inFour != null && Resolver.isSame(inFour.identity(), found.identity())) {
                joinVersions(inFour.identity(), found.identity());
              }
              return settle(path, from, found, 3);
            });
  }

  // One object by one path in both versions: it is in one filesystem, though its handles differ
  // (NFS-Ganesha), and though the path may be a directory in it.
  private void joinVersions(ObjectIdentity inFour, ObjectIdentity inThree) {
    Export met = table.find(VersionedFsid.of(4, inFour));
    if (met != null) {
      table.join(met, VersionedFsid.of(3, inThree));
    }
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  private boolean isNamed(String path, int nfsVersion) {
    Export export = table.find(path);
    return export != null && export.fsid(nfsVersion) != null;
  }

  /** Finds a path; in NFSv3, where MNT gives roots of exports only, below the nearest one. */
  private Future<Found> find(String path, int nfsVersion) {
    return lookups
        .find(path, nfsVersion)
        .recover(
            failure -> {
              PathResolver.Place above = nfsVersion == 3 ? nearest(path) : null;
              if (above == null) {
                return Future.failedFuture(failure);
              }
              String rest = path.substring(above.path().length());
              return walk(above.root(), rest.substring(1).split("/"), 0);
            });
  }

  // Its path and root are read once: they may be others a moment later.
  private PathResolver.@Nullable Place nearest(String path) {
    for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      String start = path.substring(0, end);
      Export above = table.find(start);
      Filehandle root = above == null ? null : above.root(3);
      if (above != null && root != null && start.equals(above.path())) {
        return new PathResolver.Place(start, root);
      }
    }
    return null;
  }

  private Future<Found> walk(Filehandle directory, String[] names, int at) {
    byte[] name = names[at].getBytes(StandardCharsets.UTF_8);
    return lookups
        .lookUp(directory, name, 3)
        .compose(
            found ->
                at + 1 == names.length
                    ? Future.succeededFuture(found)
                    : walk(found.handle(), names, at + 1));
  }

  /** Takes in what is found at a path. */
  private Future<Void> settle(String path, KnownFrom from, Found found, int nfsVersion) {
    Export met = table.meet(VersionedFsid.of(nfsVersion, found.identity()), from);
    return resolver
        .place(met, found.handle(), nfsVersion, found.identity())
        .map(
            placed -> {
              Export at = placed;
              if (at.state() != State.CONNECTED
                  && found.identity().type() == ObjectIdentity.DIRECTORY) {
                // Nobody can look above it: for all we know the path is its root's.
                at = table.connect(at, path, nfsVersion, found.handle());
                log.info("export {} found", at);
              }
              resolver.keep(found.handle(), nfsVersion, at);
              Export before = table.find(path);
              if (before != null && before != at && path.equals(before.path())) {
                table.leave(before, "its path leads to another filesystem");
              }
              table.addPath(at, path, from == KnownFrom.RULE);
              return at;
            })
        .compose(resolver::named)
        .mapEmpty();
  }

  private Future<Void> verify() {
    List<Export> connected =
        table.all().stream()
            .filter(export -> export.state() == State.CONNECTED && export != table.root())
            .toList();
    List<Export> chosen = new ArrayList<>();
    for (int i = 0; i < Math.min(VERIFIED_MAX, connected.size()); i++) {
      chosen.add(connected.get((verifyFrom + i) % connected.size()));
    }
    verifyFrom = connected.isEmpty() ? 0 : (verifyFrom + chosen.size()) % connected.size();
    return each(chosen, this::verify);
  }

  /** Looks whether an export is still where it was; once at a time, however often it is wanted. */
  Future<Void> verify(Export export) {
    return verifying.join(export, () -> lookWhere(export));
  }

  private Future<Void> lookWhere(Export export) {
    int nfsVersion = export.fsid(4) != null ? 4 : 3;
    String path = export.path();
    if (path == null) {
      return done();
    }
    return find(path, nfsVersion)
        .compose(
            found -> {
              boolean isSame =
                  VersionedFsid.of(nfsVersion, found.identity()).equals(export.fsid(nfsVersion));
              if (isSame) {
                table.seen(export);
              }
              return isSame ? done() : settle(path, KnownFrom.LIST, found, nfsVersion);
            })
        .onFailure(
            failure -> {
              if (Failure.isStatus(failure, Failure.NOENT)
                  || Failure.isStatus(failure, Failure.NOTDIR)) {
                table.leave(export, "its path is no more");
                log.info("export {} is gone", export);
              }
            })
        .otherwiseEmpty();
  }

  private static <T> Future<Void> each(List<T> all, Function<T, Future<Void>> task) {
    AtomicInteger next = new AtomicInteger();
    List<Future<Void>> lanes = new ArrayList<>();
    for (int i = 0; i < Math.min(AT_ONCE, all.size()); i++) {
      Promise<Void> lane = Promise.promise();
      lanes.add(lane.future());
      goOn(all, next, task, lane);
    }
    return lanes.isEmpty() ? done() : Future.join(lanes).<Void>mapEmpty().otherwiseEmpty();
  }

  // A loop where answers are there at once, so that the stack does not grow with the list.
  private static <T> void goOn(
      List<T> all, AtomicInteger next, Function<T, Future<Void>> task, Promise<Void> lane) {
    for (int i = next.getAndIncrement(); i < all.size(); i = next.getAndIncrement()) {
      Future<Void> begun = task.apply(all.get(i));
      if (!begun.isComplete()) {
        begun.onComplete(ended -> goOn(all, next, task, lane));
        return;
      }
    }
    lane.complete();
  }
}
