package org.nfsproxy.server.probe;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.backend.nfs.questions.OriginPorts;
import org.nfsproxy.backend.nfs.questions.OriginQuestions;
import org.nfsproxy.backend.nfs.questions.OriginVersions;
import org.nfsproxy.backend.nfs.tls.OriginTls;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.RpcException;
import org.nfsproxy.server.probe.NoAnswerException.Kind;
import org.nfsproxy.server.probe.ProbeConnector.Protection;
import org.nfsproxy.server.text.Printable;

/**
 * Asks an origin what it offers, in one go and within a bounded time. Nothing is written to it but
 * a session of our own, which is destroyed at the end.
 */
// Questions are asked one after the other, on the caller's thread: the order is that of a person
// who looks, and what an early answer says decides what is asked later. What the proxy itself asks
// when it starts (versions, exports, what is mounted in them) is asked by the same code.
public final class OriginProbe {
  private static final int ROUND_TRIPS = 5;
  private static final int RPCBIND_MOUNT_PORT = 20048;
  private static final int PATH_CHARS_MAX = 400;

  /** The walk through exports ends by itself after ten seconds, and one more question. */
  private static final long SEARCH_MILLIS = 16_000;

  private final Vertx vertx;
  private final ProbeSettings asked;
  private final TimeLeft time;
  private final ProbeFacts facts;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Protection protection;
  private String now = "looking up the name";
  private @Nullable Route route;

  /** The way to an address, and the connection to its port of NFS. */
  private record Route(ProbeConnector connector, ProbeConnector unreserved, ProbeConnection nfs) {}

  private OriginProbe(Vertx vertx, ProbeSettings asked) {
    this.vertx = vertx;
    this.asked = asked;
    this.time = new TimeLeft(asked.timeoutMillis());
    this.facts = new ProbeFacts(asked);
    this.protection = asked.tls().everywhere() ? insideTls() : Protection.NONE;
  }

  private Protection insideTls() {
    OriginTls tls = opened(new OriginTls(vertx, asked.tls().settings()));
    return new Protection(tls.towards(asked.host(), asked.nfsPort()), asked.nfsPort());
  }

  /**
   * Asks. Blocks until it is done, {@link ProbeSettings#timeoutMillis} and a second at most.
   *
   * @param vertx the runtime; not called from one of its threads
   * @return what was found, and what that means
   */
  public static ProbeReport run(Vertx vertx, ProbeSettings asked) {
    OriginProbe probe = new OriginProbe(vertx, asked);
    probe.lookAtAll();
    return ProbeReport.of(probe.facts);
  }

  private void lookAtAll() {
    try {
      reach();
      if (facts.isReached) {
        findPrograms();
        OriginQuestions questions = questions();
        findVersions(questions);
        askTls();
        if (!facts.isTlsRequired) {
          lookAtFilesystems(questions);
        }
      } else if (facts.noTls != null) {
        askForCertificate();
      }
    } catch (TimeIsOverException over) {
      facts.isComplete = false;
      facts.endedAt = now;
    } finally {
      giveBack();
    }
    if (facts.isReached && facts.isComplete && nfs().givenUp() != null) {
      facts.isComplete = false;
      facts.endedAt = now + ": " + nfs().givenUp();
    }
  }

  private Route route() {
    return Objects.requireNonNull(route, "nothing is asked before an address is tried");
  }

  private ProbeConnection nfs() {
    return route().nfs();
  }

  private void giveBack() {
    time.beginClosing();
    for (int i = open.size() - 1; i >= 0; i--) {
      try {
        open.get(i).close();
      } catch (Exception cannotBe) {
        throw new IllegalStateException(cannotBe);
      }
    }
  }

  private <C extends AutoCloseable> C opened(C closeable) {
    open.add(closeable);
    return closeable;
  }

  private ProbeConnection connection(ProbeConnector by, int port) {
    return opened(new ProbeConnection(time, by, asked.host(), port));
  }

  private void reach() {
    facts.mayReserve = ProbeConnector.mayReserve();
    try {
      List<InetAddress> addresses = time.await(vertx.executeBlocking(this::lookUp, false), 10_000);
      facts.addresses = addresses.stream().map(InetAddress::getHostAddress).toList();
      now = "connecting";
      for (InetAddress address : addresses) {
        if (reach(address)) {
          return;
        }
      }
    } catch (NoAnswerException none) {
      facts.unreached = none.getMessage();
    }
  }

  private List<InetAddress> lookUp() throws UnknownHostException {
    try {
      return List.of(InetAddress.getAllByName(asked.host()));
    } catch (UnknownHostException unknown) {
      throw new UnknownHostException("no address is known for the name " + asked.host());
    }
  }

  private boolean reach(InetAddress address) {
    ProbeConnector connector = new ProbeConnector(vertx, address, facts.mayReserve, protection);
    ProbeConnector unreserved = new ProbeConnector(vertx, address, false, protection);
    route = new Route(connector, unreserved, connection(connector, asked.nfsPort()));
    try {
      measure();
    } catch (NoAnswerException none) {
      facts.isReached = none.isRefusal();
      facts.unreached = none.isRefusal() ? "" : none.getMessage();
      facts.noTls = none.handshake();
    }
    if (facts.isReached) {
      List<String> order = new ArrayList<>(facts.addresses);
      order.remove(address.getHostAddress());
      order.add(0, address.getHostAddress());
      facts.addresses = order;
    }
    return facts.isReached;
  }

  // A version that is not served is answered as fast.
  private void measure() throws NoAnswerException {
    List<Long> nanos = new ArrayList<>();
    pingAny();
    facts.isReached = true;
    for (int i = 0; i < ROUND_TRIPS; i++) {
      long begun = System.nanoTime();
      pingAny();
      nanos.add(System.nanoTime() - begun);
    }
    facts.roundTripNanos = nanos.stream().sorted().toList();
  }

  private void pingAny() throws NoAnswerException {
    try {
      nfs().ping(Programs.NFS, 4);
    } catch (NoAnswerException none) {
      if (!none.isRefusal()) {
        throw none;
      }
    }
  }

  private void findPrograms() {
    now = "asking the portmapper";
    try (ProbeConnection portmapper =
        new ProbeConnection(time, route().connector(), asked.host(), asked.portmapPort())) {
      facts.programs.addAll(PortmapList.ask(portmapper));
    } catch (NoAnswerException none) {
      facts.portmapper = none.getMessage();
    }
    now = "looking for MOUNT";
    findMount();
    now = "looking for NLM and NFS_ACL";
    findBeside(Programs.NLM, 4);
    findBeside(Programs.NFS_ACL, 3);
  }

  private void findMount() {
    ProgramRow registered = facts.program(Programs.MOUNT);
    if (asked.mountPort() != 0) {
      facts.mountPort = asked.mountPort();
      facts.mountIsRegistered = registered != null && registered.port == asked.mountPort();
    } else if (registered != null) {
      facts.mountPort = registered.port;
      facts.mountIsRegistered = true;
    } else if (answers(nfs(), Programs.MOUNT)) {
      facts.mountPort = asked.nfsPort();
    } else {
      ProbeConnection usual = connection(route().connector(), RPCBIND_MOUNT_PORT);
      facts.mountPort = answers(usual, Programs.MOUNT) ? RPCBIND_MOUNT_PORT : 0;
    }
  }

  /** Whether a program is there, in whatever version. */
  private static boolean answers(ProbeConnection connection, int program) {
    try {
      connection.ping(program, 3);
      return true;
    } catch (NoAnswerException none) {
      RpcException denial = none.denial();
      return denial != null && denial.low() >= 0;
    }
  }

  /** What no portmapper tells may be at the port of NFS. */
  private void findBeside(int program, int version) {
    if (facts.program(program) != null) {
      return;
    }
    try {
      nfs().ping(program, version);
      ProgramRow row = new ProgramRow(program, "tcp", asked.nfsPort(), false);
      row.versions.add(version);
      facts.programs.add(row);
    } catch (NoAnswerException none) {
      return; // not there
    }
  }

  private OriginQuestions questions() {
    // Without MOUNT, a port that says so at once.
    int mountPort = facts.mountPort == 0 ? asked.nfsPort() : facts.mountPort;
    OriginQuestions questions =
        new OriginQuestions(
            vertx,
            route().connector(),
            SocketAddress.inetSocketAddress(asked.nfsPort(), asked.host()),
            ProbeCredentials.ROOT,
            new OriginPorts(
                vertx,
                route().connector(),
                new OriginPorts.Configured(
                    asked.host(), asked.nfsPort(), mountPort, asked.nfsPort(), 0)));
    opened(() -> waitFor(questions));
    return questions;
  }

  private void findVersions(OriginQuestions questions) {
    now = "asking for versions";
    try {
      OriginVersions versions =
          time.await(questions.versions(), 2 * ProbeConnection.QUESTION_MILLIS);
      facts.versions = versions.versions();
      facts.minorVersions = versions.minorVersions();
      if (facts.mountPort != 0) {
        List<ServedProgram> mounts =
            time.await(questions.mountVersions(), ProbeConnection.QUESTION_MILLIS);
        for (ServedProgram row : mounts) {
          for (int version = row.low(); version <= row.high(); version++) {
            facts.mountVersions.add(version);
          }
        }
      }
    } catch (NoAnswerException none) {
      facts.isComplete = false;
      facts.endedAt = now + ": " + none.getMessage();
    }
  }

  private void waitFor(OriginQuestions asking) {
    try {
      time.await(asking.close(), ProbeConnection.QUESTION_MILLIS);
    } catch (NoAnswerException | TimeIsOverException late) {
      return; // its sockets end with the process
    }
  }

  private void askTls() {
    if (!facts.versions.isEmpty()) {
      askForCertificate();
      facts.isTlsRequired =
          facts.tls == ProbeFacts.Tls.OFFERED
              && !asked.tls().everywhere()
              && ClearQuestion.isDenied(nfs(), facts);
    }
  }

  private void askForCertificate() {
    now = "asking for TLS";
    facts.tls = TlsQuestion.ask(time, route().connector(), asked, facts);
  }

  private void lookAtFilesystems(OriginQuestions questions) {
    now = "opening a session";
    ProbeCompounds compounds = facts.minorVersions.isEmpty() ? null : compounds();
    PortQuestion4 ports = new PortQuestion4(facts.mayReserve, unreserved(compounds));
    ProbeConnection unreserved = connection(route().unreserved(), asked.nfsPort());
    ProbeConnection mount =
        facts.mountPort == 0 || !facts.hasVersion3()
            ? null
            : connection(route().connector(), facts.mountPort);
    now = "asking for exports";
    Set<String> listed = exports(questions);
    now = "looking for nested filesystems";
    Set<String> paths = new LinkedHashSet<>(listed);
    paths.addAll(nested(questions));
    facts.pathsFound = paths.size();
    for (String path : paths) {
      if (facts.filesystems.size() >= asked.exportsMax() || nfs().givenUp() != null) {
        return;
      }
      now = "looking at " + path;
      FilesystemView v4 = null;
      if (compounds != null) {
        Filesystem4Look look = new Filesystem4Look(compounds, ports);
        v4 = look.look(path);
        facts.leaseSeconds = Math.max(facts.leaseSeconds, look.leaseSeconds());
      }
      FilesystemView v3 =
          mount == null
              ? null
              : new Filesystem3Look(nfs(), unreserved, mount, facts.mayReserve).look(path);
      facts.filesystems.add(new ProbedFilesystem(path, listed.contains(path), v3, v4));
    }
  }

  private @Nullable ProbeCompounds compounds() {
    for (int minor : facts.minorVersions.descendingSet()) {
      try {
        ProbeCompounds compounds = opened(ProbeCompounds.open(nfs(), minor, ProbeCredentials.ROOT));
        facts.introduction = compounds.introduction();
        facts.session = compounds.grant();
        return compounds;
      } catch (NoAnswerException none) {
        facts.noSession = "4." + minor + ": " + none.getMessage();
      }
    }
    return null;
  }

  private @Nullable ProbeCompounds unreserved(@Nullable ProbeCompounds like) {
    if (like == null || !facts.mayReserve) {
      return null;
    }
    ProbeConnection connection = connection(route().unreserved(), asked.nfsPort());
    int minor = facts.minorVersions.contains(0) ? 0 : like.minorVersion();
    try {
      return opened(ProbeCompounds.open(connection, minor, ProbeCredentials.ROOT));
    } catch (NoAnswerException none) {
      return null;
    }
  }

  private Set<String> exports(OriginQuestions questions) {
    Set<String> paths = new LinkedHashSet<>();
    try {
      paths.addAll(printable(time.await(questions.exports(), SEARCH_MILLIS)));
    } catch (NoAnswerException none) {
      unfinished(none);
    }
    return paths;
  }

  private List<String> nested(OriginQuestions questions) {
    if (!facts.hasVersion4()) {
      return List.of();
    }
    try {
      List<String> paths = time.await(questions.nestedExports(), SEARCH_MILLIS);
      facts.nestedSearched = true;
      // The root alone stands for nothing found below it.
      return paths.equals(List.of("/")) ? List.of() : printable(paths);
    } catch (NoAnswerException none) {
      unfinished(none);
      return List.of();
    }
  }

  private static List<String> printable(List<String> paths) {
    return paths.stream().map(path -> Printable.text(path, PATH_CHARS_MAX)).toList();
  }

  private void unfinished(NoAnswerException none) {
    if (none.kind() == Kind.SILENT) {
      facts.isComplete = false;
      facts.endedAt = now + ": " + none.getMessage();
    }
  }
}
