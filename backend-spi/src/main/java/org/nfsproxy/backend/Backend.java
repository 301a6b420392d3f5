package org.nfsproxy.backend;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.nfs.Filehandle;

/**
 * Code that reaches one kind of origin. The proxy server knows nothing else of what is behind it.
 *
 * <p>All methods may be called from any thread but {@link #open}, which belongs to the client
 * connection's event loop. None blocks.
 */
public interface Backend {
  /**
   * Looks at what is behind this backend. An origin that is away is no failure: it may come later,
   * and {@link #notices} says so.
   *
   * @return completes when the first look is over; fails only for what waiting does not cure
   */
  Future<Void> start();

  /**
   * What {@link #start} would fail for on this machine, as far as it is known without opening
   * anything. For whoever checks a configuration; may read files, called before {@link #start}.
   *
   * @return what is wrong, by its key
   */
  default List<Problem> unfit() {
    return List.of();
  }

  /**
   * What in the configuration can hardly be meant on this machine, although it can be started with.
   * For whoever checks a configuration; may read files, called before {@link #start}.
   *
   * @return what is to be said, by its key
   */
  default List<Problem> doubts() {
    return List.of();
  }

  /**
   * Names what is behind this backend, so that instances with different things behind them do not
   * take what they tell each other for their own. Known before {@link #start}.
   *
   * @return for example a host and a port, the same wherever the configuration names the same; no
   *     secret; empty if there is nothing to name
   */
  default String origin() {
    return "";
  }

  /**
   * Whether what is behind it answers.
   *
   * @return empty if there is nothing that could be away
   */
  default Optional<Reachability> reachability() {
    return Optional.empty();
  }

  /**
   * How connections to what is behind it are protected.
   *
   * @return empty where they are not
   */
  default Optional<OriginProtection> protection() {
    return Optional.empty();
  }

  /**
   * Says that this instance is one of several, so that {@link #join} follows: in some seconds, or
   * late, or never if they are out of reach. Called before {@link #start}, or never if it runs
   * alone.
   */
  default void expectFleet() {}

  /**
   * Introduces the other instances of this proxy. Called once, after {@link #start}, at the moment
   * this instance has joined them; never if it runs alone.
   *
   * @param fleet the instances, this one among them
   */
  default void join(Fleet fleet) {}

  /**
   * What is served, for {@code PROG_MISMATCH} and the portmapper. May grow or shrink while running.
   *
   * @return a row for each program
   */
  List<ServedProgram> programs();

  /**
   * What an administrator should read at the start: which origin, its versions, what was found to
   * be off, with the cure.
   *
   * @return one line each
   */
  List<Notice> notices();

  /**
   * What happened so far and what there is, for an administrator.
   *
   * @return how often or how many, by a name in camel case
   */
  default Map<String, Long> counts() {
    return Map.of();
  }

  /**
   * Numbers for whoever watches the proxy. Asked every few seconds, on a thread that may wait for a
   * lock.
   *
   * @return those of one name one behind the other, with the same help
   */
  default List<Measure> measures() {
    return List.of();
  }

  /**
   * What has happened that only a restart of the process mends for sure, such as an {@link Error}.
   *
   * @return one line for an administrator; empty as long as all is well
   */
  default Optional<String> fault() {
    return Optional.empty();
  }

  /**
   * Begins serving a client connection. Nothing need be opened before the first call.
   *
   * @param client the client's side, for replies, callbacks and flow control
   * @return the session; closed by whoever opened it
   */
  BackendSession open(ClientSide client);

  /**
   * What an object is: asked of the origin (GETATTR).
   *
   * @param handle the object
   * @param nfsVersion 2, 3 or 4: the version whose handle it is
   * @return its identity, or a failed future with {@link NfsStatusException}
   */
  Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion);

  /**
   * The directory above a directory (NFSv4 LOOKUPP, NFSv3 LOOKUP of {@code ..}).
   *
   * @param directory a directory
   * @param nfsVersion 3 or 4
   * @return its parent, or a failed future with {@link NfsStatusException}
   */
  Future<Filehandle> parent(Filehandle directory, int nfsVersion);

  /**
   * A directory some levels above a directory. Its handle may be of no use outside this answer: a
   * Linux server gives one that is stale at once where the directory above a mount point is no
   * root. To go on from there, ask again from where the last useful handle was, one level more.
   *
   * @param directory a directory
   * @param levels 1 for its parent, 2 for the parent of that
   * @param nfsVersion 3 or 4
   * @return the directory; or a failed future with {@link NfsStatusException}, of NOENT if there is
   *     none so far up. In NFSv3 the top may be its own parent
   */
  default Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    Future<Filehandle> at = parent(directory, nfsVersion);
    for (int level = 1; level < levels; level++) {
      at = at.compose(up -> parent(up, nfsVersion));
    }
    return at.compose(up -> identify(up, nfsVersion).map(identity -> new Found(up, identity)));
  }

  /**
   * The name of a directory in the directory above it, found by reading that one. It may be the
   * root of a filesystem that is mounted there. How bytes become text says {@link PathName}.
   *
   * @param directory where to begin
   * @param levels 1 for its own name; 2 for that of its parent in the one above
   * @param nfsVersion 3 or 4
   * @return its name; or a failed future, with {@link NfsStatusException} of NOENT if no name leads
   *     to it
   */
  default Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return Future.failedFuture(new UnsupportedOperationException("nameOf"));
  }

  /**
   * The object at a path: in NFSv4 from the root of the namespace on (PUTROOTFH, LOOKUP), in NFSv3
   * the root of an export (MOUNT's MNT).
   *
   * <p>A backend that cannot say fails with {@link UnsupportedOperationException}, here as in
   * {@link #lookUp} and {@link #nameOf}: filesystems then stay without a path, and are served all
   * the same.
   *
   * @param path absolute; {@code /} is the root of an NFSv4 namespace
   * @param nfsVersion 3 or 4
   * @return the object, or a failed future with {@link NfsStatusException}
   */
  default Future<Found> find(String path, int nfsVersion) {
    return Future.failedFuture(new UnsupportedOperationException("find"));
  }

  /**
   * The object of a name in a directory (LOOKUP), which may be the root of another filesystem.
   *
   * @param directory a directory
   * @param name the bytes of the name, as on the wire
   * @param nfsVersion 3 or 4
   * @return the object, or a failed future with {@link NfsStatusException}
   */
  default Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return Future.failedFuture(new UnsupportedOperationException("lookUp"));
  }

  /**
   * The paths that are exported, as far as anybody can list them. Filesystems below them are found
   * when first met.
   *
   * @return absolute paths; empty if nobody answers
   */
  Future<List<String>> exports();

  /**
   * The paths of filesystems that are mounted in those that are exported, as far as a search of a
   * few seconds finds them: directories are read, those near the root first.
   *
   * @return absolute paths, perhaps those of {@link #exports} too; empty if nobody can search
   */
  default Future<List<String>> nestedExports() {
    return Future.succeededFuture(List.of());
  }

  /**
   * What clients take the proxy for.
   *
   * @return {@link Identity#ORIGIN}: they see what is behind it
   */
  default Identity identity() {
    return Identity.ORIGIN;
  }

  /**
   * The servers on which this backend's filehandles mean the same, the origin among them: a client
   * that is told to go to one of them may as well come to the proxy, and to no other. May change
   * while running.
   *
   * @return host names and IP addresses, without ports and brackets
   */
  default List<String> equivalents() {
    return List.of();
  }

  /**
   * Where this backend connects to, as the configuration names it, so that a proxy that would
   * connect to itself is recognised. Known before {@link #start}.
   *
   * @return hosts and ports, unresolved; empty if it connects to nobody
   */
  default List<SocketAddress> servers() {
    return List.of();
  }

  /**
   * The portmappers that it asks where programs are, so that a proxy that would ask itself is
   * recognised: it would then take itself for its origin. Known before {@link #start}.
   *
   * @param withLocks whether it is asked for NLM too
   * @return hosts and ports, unresolved; empty if it asks none
   */
  default List<SocketAddress> portmappers(boolean withLocks) {
    return List.of();
  }

  /**
   * The lock manager behind it, for locks of NFSv3.
   *
   * @return empty if it has none that a proxy could lock at
   */
  default Optional<LockOrigin> lockOrigin() {
    return Optional.empty();
  }

  /**
   * Its files, for whoever reads them on the proxy's own account, ahead of clients.
   *
   * @return empty if nobody can read them but clients
   */
  default Optional<ReadOrigin> readOrigin() {
    return Optional.empty();
  }

  /**
   * Ends everything that is not a session.
   *
   * @return completes when it is done
   */
  Future<Void> close();
}
