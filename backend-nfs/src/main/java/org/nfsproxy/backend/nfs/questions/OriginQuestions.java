package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.concurrent.SingleFlight;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RpcException;

/**
 * Asks the origin on the proxy's own account: what a filehandle is, what is above it, what is
 * exported, which versions are served. Nothing it asks changes anything or holds state. Methods may
 * be called from any thread; each answers within {@link QuestionConnection.Bounds}.
 *
 * <p>A question fails with {@link NfsStatusException} if the origin said no, {@link
 * org.nfsproxy.rpc.RpcException} if it refused the call, {@link org.nfsproxy.xdr.XdrException} for
 * garbage, {@link java.util.concurrent.TimeoutException} or {@link java.io.IOException}.
 */
// How NFSv4 is asked, with a session or without, is Questioner's business.
public final class OriginQuestions {
  private static final int NULL = 0;

  private record About(Filehandle handle, int nfsVersion) {}

  private final OriginPorts ports;
  private final QuestionConnection connection;
  private final Questioner questioner;
  private final MountConnection mount;
  private final PathQuestions paths;
  private final SingleFlight<About, ObjectIdentity> identities = new SingleFlight<>();
  private final SingleFlight<About, Filehandle> parents = new SingleFlight<>();

  /**
   * Opens nothing yet.
   *
   * @param vertx the runtime
   * @param connector makes connections
   * @param origin where NFS is served
   * @param credential as whom to ask
   * @param ports where MOUNT is
   */
  public OriginQuestions(
      Vertx vertx,
      Connector connector,
      SocketAddress origin,
      CallCredential credential,
      OriginPorts ports) {
    this(vertx, connector, origin, credential, ports, QuestionConnection.Bounds.DEFAULT);
  }

  OriginQuestions(
      Vertx vertx,
      Connector connector,
      SocketAddress origin,
      CallCredential credential,
      OriginPorts ports,
      QuestionConnection.Bounds bounds) {
    this.ports = ports;
    this.connection = new QuestionConnection(vertx, connector, origin, credential, bounds);
    OwnSession session =
        new OwnSession(vertx, connection, bounds.questionMillis(), OwnSession.Room.QUESTIONS);
    this.questioner = new Questioner(connection, session);
    this.mount = new MountConnection(vertx, connector, origin.host(), credential, ports);
    this.paths = new PathQuestions(questioner, mount);
  }

  /**
   * What an object is, see {@link org.nfsproxy.backend.Backend#identify}.
   *
   * @param handle the object
   * @param nfsVersion 2, 3 or 4
   * @return its identity; one question for all who ask at the same time
   */
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return ask(NfsQuestions.IDENTIFY, identities, new About(handle, nfsVersion));
  }

  /**
   * The directory above a directory, see {@link org.nfsproxy.backend.Backend#parent}.
   *
   * @param directory a directory
   * @param nfsVersion 3 or 4
   * @return its parent; one question for all who ask at the same time
   */
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return ask(NfsQuestions.PARENT, parents, new About(directory, nfsVersion));
  }

  private <T> Future<T> ask(
      Map<Integer, NfsQuestions.Row<T>> rows, SingleFlight<About, T> flights, About about) {
    NfsQuestions.Row<T> row = rows.get(about.nfsVersion());
    if (row == null) {
      String message = "no such question in NFS version " + about.nfsVersion();
      return Future.failedFuture(new IllegalArgumentException(message));
    }
    return flights.join(about, () -> row.ask(questioner, about.handle()));
  }

  /**
   * The object at a path, see {@link org.nfsproxy.backend.Backend#find}.
   *
   * @param path absolute
   * @param nfsVersion 3 or 4
   * @return the object
   */
  public Future<Found> find(String path, int nfsVersion) {
    return paths.find(path, nfsVersion);
  }

  /**
   * The object of a name, see {@link org.nfsproxy.backend.Backend#lookUp}.
   *
   * @param directory a directory
   * @param name the bytes of the name
   * @param nfsVersion 3 or 4
   * @return the object
   */
  public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return paths.lookUp(directory, name, nfsVersion);
  }

  /**
   * A directory above, see {@link org.nfsproxy.backend.Backend#above}.
   *
   * @param directory a directory
   * @param levels 1 for its parent
   * @param nfsVersion 3 or 4
   * @return the directory
   */
  public Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return paths.above(directory, levels, nfsVersion);
  }

  /**
   * The name of a directory, see {@link org.nfsproxy.backend.Backend#nameOf}.
   *
   * @param directory where to begin
   * @param levels 1 for its own name
   * @param nfsVersion 3 or 4
   * @return the name
   */
  public Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return switch (nfsVersion) {
      case 3 -> NameSearch3.begin(questioner, paths, directory, levels);
      case 4 -> NameSearch4.begin(questioner, directory, levels);
      default -> PathQuestions.noSuchVersion(nfsVersion);
    };
  }

  /**
   * The paths exported: MOUNT's list, or where nobody gives one, what the NFSv4 root shows.
   *
   * @return absolute paths; empty if neither answers
   */
  public Future<List<String>> exports() {
    return mountList()
        .otherwise(List.of())
        .compose(
            listed ->
                listed.isEmpty()
                    ? PseudoRootWalk.toExports(questioner).walk().otherwise(List.of())
                    : Future.succeededFuture(listed));
  }

  /**
   * What is mounted in the exports, see {@link org.nfsproxy.backend.Backend#nestedExports}.
   *
   * @return absolute paths, those of the exports too; empty if the origin has no NFSv4
   */
  public Future<List<String>> nestedExports() {
    return PseudoRootWalk.throughExports(questioner).walk().otherwise(List.of());
  }

  private Future<List<String>> mountList() {
    return mount.ask(MountQuestions.export()).onFailure(failure -> ports.forget());
  }

  /**
   * Which versions the origin serves. Not remembered: it may be asked again after a restart.
   *
   * @return the versions; fails if the origin does not answer
   */
  public Future<OriginVersions> versions() {
    return OriginVersions.ask(connection);
  }

  /**
   * Whether the origin answers: its NULL of NFS, which any answer will do for, a refusal too.
   *
   * @return how long it took, in nanoseconds
   */
  public Future<Long> roundTrip() {
    long askedNanos = System.nanoTime();
    return connection
        .ask(new Question<Void>(Programs.NFS, 3, NULL, out -> {}, in -> null))
        .recover(
            failure ->
                failure instanceof RpcException
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure))
        .map(answered -> System.nanoTime() - askedNanos);
  }

  /**
   * Which versions of MOUNT the origin serves.
   *
   * @return a row for each run of versions; all that could be where that cannot be told
   */
  public Future<List<ServedProgram>> mountVersions() {
    return MountVersions.ask(mount);
  }

  /**
   * Ends the connection; questions in flight fail.
   *
   * @return completes when it is closed
   */
  public Future<Void> close() {
    return mount.close().eventually(questioner::close);
  }
}
