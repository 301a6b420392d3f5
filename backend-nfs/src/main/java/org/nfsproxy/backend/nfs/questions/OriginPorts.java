package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.concurrent.SingleFlight;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RpcException;

/**
 * Where the origin's programs beside NFS are: configured, or asked of its portmapper over TCP and
 * remembered for {@link #REMEMBERED_SECONDS}. A failure is not remembered. Methods may be called
 * from any thread.
 */
public final class OriginPorts {
  /** The portmapper's. */
  public static final int PORTMAP_PORT = PortmapQuestions.PORT;

  /** A MOUNT daemon that was restarted may have moved; a client tries for longer than this. */
  static final int REMEMBERED_SECONDS = 60;

  /** Short, since a client waits for its MOUNT meanwhile. */
  private static final QuestionConnection.Bounds BOUNDS =
      new QuestionConnection.Bounds(4, 64, 5_000, 1_000);

  /**
   * What the configuration says ({@code backend.origin}).
   *
   * @param host name or address
   * @param nfs NFS port
   * @param mount MOUNT port, 0: ask the portmapper
   * @param acl NFS_ACL port, 0: ask the portmapper
   * @param nlm NLM port, 0: ask the portmapper
   * @param portmap the portmapper's port, 111 everywhere but in a test
   */
  public record Configured(String host, int nfs, int mount, int acl, int nlm, int portmap) {
    /**
     * With the portmapper at its place.
     *
     * @param host name or address
     * @param nfs NFS port
     * @param mount MOUNT port or 0
     * @param acl NFS_ACL port or 0
     * @param nlm NLM port or 0
     */
    public Configured(String host, int nfs, int mount, int acl, int nlm) {
      this(host, nfs, mount, acl, nlm, PortmapQuestions.PORT);
    }
  }

  private record Known(int port, long sinceNanos) {}

  private final Vertx vertx;
  private final Connector connector;
  private final Configured configured;
  private final LongSupplier nanoTime;
  private final Map<Integer, Known> known = new ConcurrentHashMap<>();
  private final SingleFlight<Integer, Integer> questions = new SingleFlight<>();

  /**
   * Asks nothing yet.
   *
   * @param vertx the runtime
   * @param connector makes the connections to the portmapper
   * @param configured what need not be asked
   */
  public OriginPorts(Vertx vertx, Connector connector, Configured configured) {
    this(vertx, connector, configured, System::nanoTime);
  }

  OriginPorts(Vertx vertx, Connector connector, Configured configured, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.connector = connector;
    this.configured = configured;
    this.nanoTime = nanoTime;
  }

  /**
   * Where MOUNT is, version 3 or else 1.
   *
   * @return the TCP port, or a failure whose message says how to cure it
   */
  public Future<Integer> mount() {
    return known(Programs.MOUNT, configured.mount(), this::askMount);
  }

  /**
   * Where NFS_ACL is.
   *
   * @return the TCP port: that of NFS, where the Linux server has it, if nobody says otherwise
   */
  public Future<Integer> acl() {
    return known(Programs.NFS_ACL, configured.acl(), this::askAcl);
  }

  /**
   * Where NLM version 4 is.
   *
   * @return the TCP port; fails if it is not registered, or if nobody answers
   */
  public Future<Integer> nlm() {
    return known(Programs.NLM, configured.nlm(), this::askNlm);
  }

  /** Says that a port did not answer as it should: the portmapper is asked again. */
  public void forget() {
    known.clear();
  }

  private Future<Integer> known(int program, int configuredPort, Supplier<Future<Integer>> ask) {
    if (configuredPort != 0) {
      return Future.succeededFuture(configuredPort);
    }
    Known last = known.get(program);
    long limit = TimeUnit.SECONDS.toNanos(REMEMBERED_SECONDS);
    if (last != null && nanoTime.getAsLong() - last.sinceNanos() < limit) {
      return Future.succeededFuture(last.port());
    }
    return questions.join(program, ask);
  }

  // In the way of the answer, not beside it: whoever has it finds it remembered.
  private int remember(int program, int port) {
    known.put(program, new Known(port, nanoTime.getAsLong()));
    return port;
  }

  private Future<Integer> askMount() {
    int program = Programs.MOUNT;
    return asking(
            portmap ->
                port(portmap, program, 3)
                    .compose(
                        port ->
                            port == 0 ? port(portmap, program, 1) : Future.succeededFuture(port)))
        .compose(port -> port == 0 ? notRegistered() : Future.succeededFuture(port))
        .map(port -> remember(program, port))
        .recover(failure -> Future.failedFuture(withCure(failure)));
  }

  private Future<Integer> askAcl() {
    return asking(portmap -> port(portmap, Programs.NFS_ACL, 3))
        .map(port -> port == 0 ? configured.nfs() : port)
        .otherwise(configured.nfs())
        .map(port -> remember(Programs.NFS_ACL, port));
  }

  private Future<Integer> askNlm() {
    int program = Programs.NLM;
    return asking(portmap -> port(portmap, program, 4))
        .compose(
            port ->
                port == 0
                    ? Future.failedFuture(
                        new NotServedException("NLM (100021) is not registered over TCP"))
                    : Future.succeededFuture(remember(program, port)));
  }

  private static Future<Integer> port(QuestionConnection portmap, int program, int version) {
    return portmap
        .ask(PortmapQuestions.getPort(program, version))
        .recover(
            failure ->
                failure instanceof RpcException
                    ? portmap.ask(PortmapQuestions.getAddr(program, version))
                    : Future.failedFuture(failure));
  }

  private interface Asking {
    Future<Integer> with(QuestionConnection portmap);
  }

  private Future<Integer> asking(Asking asking) {
    SocketAddress server = SocketAddress.inetSocketAddress(configured.portmap(), configured.host());
    QuestionConnection portmap =
        new QuestionConnection(vertx, connector, server, CallCredential.NONE, BOUNDS);
    return asking.with(portmap).onComplete(answered -> portmap.close());
  }

  private static Future<Integer> notRegistered() {
    return Future.failedFuture(new NotServedException("MOUNT (100005) is not registered over TCP"));
  }

  private IOException withCure(Throwable failure) {
    String message =
        String.format(
            "the portmapper of %s, port %d, does not say where MOUNT is: %s. NFSv2 and NFSv3 clients"
                + " cannot mount. Let it answer this host, or set backend.origin.ports.mount",
            configured.host(), configured.portmap(), Reason.of(failure));
    // Who refuses a connection is there, and has no portmapper: no MOUNT can be found.
    boolean hasNone = failure instanceof NotServedException || failure instanceof ConnectException;
    return hasNone ? new NotServedException(message) : new IOException(message, failure);
  }
}
