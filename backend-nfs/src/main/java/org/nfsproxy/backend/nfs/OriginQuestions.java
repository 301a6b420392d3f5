package org.nfsproxy.backend.nfs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;

/**
 * Asks the origin on the proxy's own account: what a filehandle is, what is above it, what is
 * exported, which versions are served. Nothing it asks changes anything or holds state. Methods may
 * be called from any thread; each answers within {@link QuestionConnection.Bounds}.
 *
 * <p>A question fails with {@link NfsStatusException} if the origin said no, {@link
 * org.nfsproxy.rpc.RpcException} if it refused the call, {@link org.nfsproxy.xdr.XdrException} for
 * garbage, {@link java.util.concurrent.TimeoutException} or {@link java.io.IOException}.
 */
// NFSv4 questions are COMPOUNDs of minor version 0, which need neither client id nor session. An
// origin
// without 4.0 answers them NFS4ERR_MINOR_VERS_MISMATCH: what is learnt there is learnt in passing.
public final class OriginQuestions {
  private record About(Filehandle handle, int nfsVersion) {}

  private final Vertx vertx;
  private final Connector connector;
  private final SocketAddress origin;
  private final CallCredential credential;
  private final OriginPorts ports;
  private final QuestionConnection connection;
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
    this.vertx = vertx;
    this.connector = connector;
    this.origin = origin;
    this.credential = credential;
    this.ports = ports;
    this.connection = new QuestionConnection(vertx, connector, origin, credential, bounds);
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
      Map<Integer, Function<Filehandle, Question<T>>> rows,
      SingleFlight<About, T> flights,
      About about) {
    Function<Filehandle, Question<T>> row = rows.get(about.nfsVersion());
    if (row == null) {
      String message = "no such question in NFS version " + about.nfsVersion();
      return Future.failedFuture(new IllegalArgumentException(message));
    }
    return flights.ask(about, () -> connection.ask(row.apply(about.handle())));
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
            paths ->
                paths.isEmpty()
                    ? new PseudoRootWalk(connection).walk().otherwise(List.of())
                    : Future.succeededFuture(paths));
  }

  private Future<List<String>> mountList() {
    return ports
        .mount()
        .compose(
            port -> {
              SocketAddress mount = SocketAddress.inetSocketAddress(port, origin.host());
              QuestionConnection.Bounds bounds = QuestionConnection.Bounds.DEFAULT;
              QuestionConnection asking =
                  new QuestionConnection(vertx, connector, mount, credential, bounds);
              return asking.ask(MountQuestions.export()).onComplete(answered -> asking.close());
            })
        .onFailure(failure -> ports.forget());
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
   * Ends the connection; questions in flight fail.
   *
   * @return completes when it is closed
   */
  public Future<Void> close() {
    return connection.close();
  }
}
