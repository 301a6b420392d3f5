package org.nfsproxy.backend.nfs.connect;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.questions.FileReads;
import org.nfsproxy.backend.nfs.questions.OriginPorts;
import org.nfsproxy.backend.nfs.questions.OriginQuestions;
import org.nfsproxy.backend.nfs.tls.OriginTls;
import org.nfsproxy.backend.nfs.tls.SecuredServer;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.CallCredential;

/**
 * One server that may serve as the origin, and how it is asked.
 *
 * @param host name or address
 * @param port its NFS port
 * @param name its addresses
 * @param programs where its other programs are
 * @param questions asks it on the proxy's own account
 * @param reads reads its files
 * @param connector makes connections to it on the proxy's own account
 * @param tls gives connections to its NFS port TLS; null where there is none
 */
public record OriginServer(
    String host,
    int port,
    OriginName name,
    OriginPrograms programs,
    OriginQuestions questions,
    FileReads reads,
    QuestionConnector connector,
    @Nullable SecuredServer tls) {

  static OriginServer of(
      Vertx vertx,
      NfsSettings settings,
      SourcePorts sources,
      @Nullable OriginTls tls,
      String host,
      int port) {
    OriginName name = new OriginName(vertx, host);
    SecuredServer secured = tls == null ? null : tls.towards(host, port);
    QuestionConnector connector =
        new QuestionConnector(
            vertx,
            name,
            sources,
            settings.connectMillis(),
            secured == null
                ? QuestionProtection.NONE
                : new QuestionProtection(secured, port, settings.tls().handshakeMillis()));
    OriginPorts ports =
        new OriginPorts(
            vertx,
            connector,
            new OriginPorts.Configured(
                host, port, settings.mountPort(), settings.aclPort(), settings.nlmPort()));
    SocketAddress nfs = SocketAddress.inetSocketAddress(port, host);
    CallCredential own = CallCredential.sys("nfs-proxy", 0, 0);
    OriginQuestions questions = new OriginQuestions(vertx, connector, nfs, own, ports);
    FileReads reads = new FileReads(vertx, connector, nfs, own);
    return new OriginServer(
        host, port, name, new OriginPrograms(port, ports), questions, reads, connector, secured);
  }

  /** What gives a connection for a program's calls TLS; null where it stays in the clear. */
  // MOUNT, NLM and the portmapper have none on Linux, also beside NFS that has. Where they are at
  // the port of NFS they share its protection.
  @Nullable SecuredServer protection(int program, int programPort) {
    boolean isNfs = program == Programs.NFS || program == Programs.NFS_ACL || programPort == port;
    return isNfs ? tls : null;
  }

  @Override
  public String toString() {
    return host + " port " + port;
  }
}
