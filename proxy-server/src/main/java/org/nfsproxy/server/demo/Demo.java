package org.nfsproxy.server.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.util.List;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.backend.coordinated.embedded.EmbeddedOrigin;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.rpc.RpcClient;
import org.nfsproxy.server.text.Table;

/** Runs an origin in memory and a proxy before it, compares the two, and leaves both serving. */
public final class Demo {
  /** Where the proxy listens: beside 2049, which needs root and may be taken. */
  public static final int LISTEN_PORT = 20490;

  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx;
  private final ProxyStarter starter;
  private final PrintStream out;
  private final int listenPort;
  private final boolean once;

  private Demo(Vertx vertx, ProxyStarter starter, PrintStream out, int listenPort, boolean once) {
    this.vertx = vertx;
    this.starter = starter;
    this.out = out;
    this.listenPort = listenPort;
    this.once = once;
  }

  /**
   * Compares the two and ends there: on any free port, and nothing is said of what to do with it.
   *
   * @param vertx the runtime
   * @param starter starts the proxy
   * @param out where the proof is printed
   * @return true if the proxy showed what the origin has
   */
  public static Future<Boolean> once(Vertx vertx, ProxyStarter starter, PrintStream out) {
    return new Demo(vertx, starter, out, 0, true).run();
  }

  /**
   * Runs the demo on {@link #LISTEN_PORT}.
   *
   * @param out where the proof is printed
   * @return true if the proxy showed what the origin has, and both go on serving; false if not, or
   *     if the demo could not be started, which has then been printed with its cure
   */
  public static Future<Boolean> run(Vertx vertx, ProxyStarter starter, PrintStream out) {
    return run(vertx, starter, out, LISTEN_PORT);
  }

  /**
   * Runs the demo on a port of choice.
   *
   * @param out where the proof is printed
   * @param listenPort where the proxy should listen
   * @return as {@link #run(Vertx, ProxyStarter, PrintStream)}
   */
  public static Future<Boolean> run(
      Vertx vertx, ProxyStarter starter, PrintStream out, int listenPort) {
    return new Demo(vertx, starter, out, listenPort, false).run();
  }

  private Future<Boolean> run() {
    Future<EmbeddedOrigin> started;
    try {
      started = EmbeddedOrigin.start(vertx, DemoFiles.make(), 0);
    } catch (FilesException full) {
      return Future.failedFuture(full);
    }
    return started.compose(
        origin ->
            starter
                .start(origin.port(), listenPort)
                .compose(port -> show(origin.port(), port))
                .recover(failed -> explain(failed))
                .compose(good -> good ? Future.succeededFuture(true) : origin.close().map(false)));
  }

  private Future<Boolean> show(int originPort, int proxyPort) {
    NetClient netClient = vertx.createNetClient();
    return RpcClient.connect(vertx, netClient, LOOPBACK, originPort)
        .compose(
            direct ->
                RpcClient.connect(vertx, netClient, LOOPBACK, proxyPort)
                    .compose(through -> vertx.executeBlocking(() -> compare(direct, through)))
                    .map(rows -> print(rows, originPort, proxyPort)))
        .eventually(netClient::close);
  }

  private static List<ComparisonRow> compare(RpcClient direct, RpcClient through)
      throws IOException {
    return Comparison.of(new DemoClient(direct), new DemoClient(through), DemoFiles.EXPORT);
  }

  private boolean print(List<ComparisonRow> rows, int originPort, int proxyPort) {
    long good = rows.stream().filter(ComparisonRow::isGood).count();
    long filesystems = rows.stream().mapToLong(ComparisonRow::fsid).distinct().count();
    out.printf(
        "origin: %s:%d, in memory; proxy: %s:%d%n%n", LOOPBACK, originPort, LOOPBACK, proxyPort);
    Table.lines(ComparisonRow.TITLES, rows.stream().map(ComparisonRow::cells).toList())
        .forEach(out::println);
    out.printf(
        "%n%d of %d objects in %d filesystems are the same through the proxy: %s%n",
        good, rows.size(), filesystems, good == rows.size() ? "OK" : "FAILED");
    if (once || good < rows.size()) {
      return good == rows.size();
    }
    String url = "nfs://" + LOOPBACK + DemoFiles.EXPORT;
    String options = "?version=3&nfsport=" + proxyPort + "&mountport=" + proxyPort;
    out.printf("%nLook yourself (libnfs-utils; no root needed):%n");
    out.printf("  nfs-ls -R '%s%s'%n", url, options);
    out.printf("  nfs-cat '%s/README.txt%s'%n", url, options);
    out.printf("or mount it:%n");
    out.printf(
        "  sudo mount -t nfs -o vers=3,nolock,proto=tcp,port=%d,mountport=%d,mountproto=tcp %s:%s /mnt%n",
        proxyPort, proxyPort, LOOPBACK, DemoFiles.EXPORT);
    out.printf("It serves until you press Ctrl-C.%n");
    return true;
  }

  private Future<Boolean> explain(Throwable failed) {
    if (isBind(failed)) {
      out.printf(
          "The demo cannot listen on %s:%d, because something else does (another demo?).%n"
              + "Find it with: ss -ltnp 'sport = :%d'%nEnd it, and start the demo again.%n",
          LOOPBACK, listenPort, listenPort);
    } else {
      out.printf("The demo failed: %s%n", Reason.of(failed));
    }
    return Future.succeededFuture(false);
  }

  private static boolean isBind(Throwable failed) {
    Throwable at = failed;
    for (int depth = 0; at != null && depth < 10; depth++) {
      if (at instanceof BindException) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }
}
