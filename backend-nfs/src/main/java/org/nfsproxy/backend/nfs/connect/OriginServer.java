package org.nfsproxy.backend.nfs.connect;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import org.nfsproxy.backend.nfs.questions.OriginPorts;
import org.nfsproxy.backend.nfs.questions.OriginQuestions;
import org.nfsproxy.rpc.CallCredential;

/**
 * One server that may serve as the origin, and how it is asked.
 *
 * @param host name or address
 * @param port its NFS port
 * @param name its addresses
 * @param programs where its other programs are
 * @param questions asks it on the proxy's own account
 * @param connector makes connections to it on the proxy's own account
 */
public record OriginServer(
    String host,
    int port,
    OriginName name,
    OriginPrograms programs,
    OriginQuestions questions,
    QuestionConnector connector) {

  static OriginServer of(
      Vertx vertx, NfsSettings settings, SourcePorts sources, String host, int port) {
    OriginName name = new OriginName(vertx, host);
    QuestionConnector connector =
        new QuestionConnector(vertx, name, sources, settings.connectMillis());
    OriginPorts ports =
        new OriginPorts(
            vertx,
            connector,
            new OriginPorts.Configured(
                host, port, settings.mountPort(), settings.aclPort(), settings.nlmPort()));
    OriginQuestions questions =
        new OriginQuestions(
            vertx,
            connector,
            SocketAddress.inetSocketAddress(port, host),
            CallCredential.sys("nfs-proxy", 0, 0),
            ports);
    return new OriginServer(
        host, port, name, new OriginPrograms(port, ports), questions, connector);
  }

  @Override
  public String toString() {
    return host + " port " + port;
  }
}
