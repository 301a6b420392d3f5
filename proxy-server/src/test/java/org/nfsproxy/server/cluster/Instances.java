package org.nfsproxy.server.cluster;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.server.configuration.Cluster;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.ProxyUnderTest;

/** Instances on this machine that find each other by a list of loopback addresses. */
// Each set has ports and a name of its own, so that test runs side by side do not meet.
public final class Instances implements AutoCloseable {
  private static final int EXPORTS_MAX = 1000;

  private final Vertx vertx = Vertx.vertx();
  private final List<Integer> ports = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private final List<InstanceLink> links = new ArrayList<>();
  private final String name;

  /**
   * Some instances, none of which runs yet.
   *
   * @param count how many there can be
   * @throws IOException if there are no free ports
   */
  public Instances(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    for (ServerSocket each : held) {
      ports.add(each.getLocalPort());
      addresses.add("127.0.0.1:" + each.getLocalPort());
      each.close();
    }
    name = "test-" + ProcessHandle.current().pid() + "-" + ports.get(0);
  }

  /**
   * The configuration of one.
   *
   * @param number which one
   * @return what its file would say
   */
  public Cluster settings(int number) {
    return new Cluster(
        true,
        name,
        "instance-" + number,
        "127.0.0.1",
        ports.get(number),
        "",
        new Cluster.Join(addresses, "", 54327, "", "", "default"),
        10,
        2_000,
        200,
        300);
  }

  /**
   * Where the page of one is read, as it says.
   *
   * @param number which one
   */
  public String page(int number) {
    return "http://page-" + number + ".example.com:9049/";
  }

  /**
   * Starts one.
   *
   * @param number which one
   * @param origin what is behind it
   * @return it, looking for the others
   */
  public InstanceLink start(int number, String origin) {
    InstanceLink link =
        InstanceLink.begin(vertx, settings(number), page(number), origin, EXPORTS_MAX);
    links.add(link);
    return link;
  }

  /**
   * Waits until one knows others.
   *
   * @param link the one
   * @param count instances, itself among them
   */
  public static void joined(InstanceLink link, int count) {
    Eventually.eventually(
        count + " instances",
        () -> {
          InstanceLink.Report report = link.report().get();
          return link.joined().isComplete()
              && report.instances().size() == count
              && (count == 1 || report.joined());
        });
  }

  /**
   * What they run on.
   *
   * @return the runtime
   */
  public Vertx vertx() {
    return vertx;
  }

  @Override
  public void close() throws Exception {
    for (InstanceLink link : links) {
      ProxyUnderTest.await(link.stop());
    }
    ProxyUnderTest.await(vertx.close());
  }
}
