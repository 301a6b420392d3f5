package org.nfsproxy.server.probe;

import static org.nfsproxy.server.probe.Severity.CHANGE;
import static org.nfsproxy.server.probe.Severity.NOTE;
import static org.nfsproxy.server.probe.Severity.OK;
import static org.nfsproxy.server.probe.Severity.STOP;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.tls.TlsLook;
import org.nfsproxy.nfs.table.Programs;

/** What the server itself, without its filesystems, means for a proxy. */
final class ServerFindings {
  /** From here on a client feels each call. */
  private static final long FAR_NANOS = 20_000_000;

  private final ProbeFacts facts;
  private final List<Finding> findings = new ArrayList<>();

  private ServerFindings(ProbeFacts facts) {
    this.facts = facts;
  }

  static List<Finding> of(ProbeFacts facts) {
    ServerFindings all = new ServerFindings(facts);
    if (!facts.isReached) {
      if (facts.noTls == null) {
        all.unreached();
      } else {
        all.findings.add(TlsFinding.ofFailure(facts, facts.noTls));
      }
      return all.findings;
    }
    all.roundTrip();
    all.versions();
    if (!facts.versions.isEmpty()) {
      all.mount();
      all.locks();
      all.callbacks();
      all.tls();
    }
    all.incomplete();
    return all.findings;
  }

  private void add(String name, Severity severity, String found, String means, String cure) {
    findings.add(Finding.of(name, severity, found, means, cure));
  }

  private void unreached() {
    add(
        "reach",
        STOP,
        "port %d does not answer: %s".formatted(facts.asked.nfsPort(), facts.unreached),
        "nothing can be re-exported",
        "check the name, the port and the firewalls between; for NFS over UDP alone there is no cure");
  }

  private void roundTrip() {
    if (facts.roundTripNanos.isEmpty()) {
      return;
    }
    List<Long> nanos = facts.roundTripNanos;
    long median = nanos.get(nanos.size() / 2);
    boolean isFar = median >= FAR_NANOS;
    add(
        "round trip",
        isFar ? NOTE : OK,
        "%s (%s to %s)"
            .formatted(
                Amount.millis(median),
                Amount.millis(nanos.get(0)),
                Amount.millis(nanos.get(nanos.size() - 1))),
        "each call of a client takes this beside its own way to the proxy; what the proxy has to ask"
            + " itself takes it once more",
        isFar
            ? "put the proxy beside the origin: the long way is better on the clients' side"
            : "");
  }

  private void versions() {
    if (facts.versions.isEmpty()) {
      if (facts.isComplete) {
        add(
            "versions",
            STOP,
            "no NFS over TCP at port " + facts.asked.nfsPort(),
            "nothing can be re-exported",
            "name the port of NFS, or let the origin serve TCP");
      }
      return;
    }
    String found = "NFS " + String.join(", ", facts.versionNames());
    if (!facts.hasVersion4()) {
      add(
          "versions",
          NOTE,
          found + ", no NFSv4",
          "clients mount with v3 (and `nolock`); filesystems inside exports are found when somebody"
              + " mounts them",
          "switch NFSv4 on at the origin, if it has it");
    } else if (!facts.hasVersion3()) {
      add("versions", NOTE, found + ", no NFSv3", "clients of v3 cannot mount", "");
    } else {
      add("versions", OK, found, "clients may use all of them", "");
    }
    if (facts.hasVersion4() && facts.minorVersions.isEmpty() && !facts.isTlsRequired) {
      add(
          "minor versions",
          CHANGE,
          "COMPOUND is refused to AUTH_SYS",
          "the proxy's own questions are refused too, so it cannot tell filesystems apart",
          "let the origin take AUTH_SYS from the proxy's address");
    }
  }

  private void mount() {
    if (facts.versions.first() >= 4) {
      return;
    }
    String why =
        facts.portmapper.isEmpty()
            ? "the portmapper does not name it"
            : "no portmapper: " + facts.portmapper;
    if (facts.mountPort == 0) {
      add(
          "MOUNT",
          CHANGE,
          "not found; " + why,
          "clients of v3 cannot mount",
          "let the portmapper answer this host, or set backend.origin.ports.mount to its port");
    } else if (facts.mountIsRegistered || facts.asked.mountPort() != 0) {
      add(
          "MOUNT",
          OK,
          "version %s at port %d".formatted(versions(facts.mountVersions), facts.mountPort),
          "clients of v3 reach it at the proxy's one port",
          "");
    } else {
      add(
          "MOUNT",
          CHANGE,
          "at port %d, where it is often; %s".formatted(facts.mountPort, why),
          "the proxy does not find it by itself, and clients of v3 cannot mount",
          "set backend.origin.ports.mount to " + facts.mountPort);
    }
  }

  private static String versions(List<Integer> versions) {
    return versions.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private void locks() {
    if (facts.versions.first() >= 4) {
      return;
    }
    String nlm = shown(facts.program(Programs.NLM), "no NLM was found");
    String nsm = shown(facts.program(ProgramName.NSM), "no NSM");
    add(
        "NLM and NSM",
        NOTE,
        nlm + "; " + nsm,
        "NLM is refused by the proxy unless locks.enabled is true",
        "mount v3 with `nolock`, use v4 where locks count, or switch locks on");
  }

  private static String shown(@Nullable ProgramRow row, String otherwise) {
    if (row == null) {
      return otherwise;
    }
    return "%s %s at port %d"
        .formatted(
            ProgramName.of(row.program),
            row.versions.stream().map(Integer::toUnsignedString).collect(Collectors.joining(", ")),
            row.port);
  }

  private void callbacks() {
    if (facts.minorVersions.contains(0)) {
      boolean isAll = facts.minorVersions.size() == 1;
      add(
          "v4.0 callbacks",
          NOTE,
          isAll ? "4.0 is the only minor version" : "4.0 is served",
          "its callbacks go from the origin to the client directly; where that way is closed, 4.0"
              + " clients get no delegations",
          isAll ? "switch 4.1 on at the origin" : "use 4.1 or 4.2");
    }
  }

  private void tls() {
    switch (facts.tls) {
      case OFFERED -> {
        TlsLook.Seen seen = Objects.requireNonNull(facts.tlsSeen, "seen");
        findings.add(facts.isTlsRequired ? TlsFinding.ofRequired(seen) : TlsFinding.of(seen));
      }
      case NOT_OFFERED ->
          add("TLS", OK, "not offered", "calls travel to the origin in the clear", "");
      default -> add("TLS", NOTE, unanswered(), "nothing, if it is off", "");
    }
  }

  private String unanswered() {
    TlsLook.Seen seen = facts.tlsSeen;
    return seen == null
        ? "the question for it was not answered"
        : "the question for it came to nothing: " + seen.outcome().words();
  }

  private void incomplete() {
    if (!facts.isComplete) {
      add(
          "incomplete",
          NOTE,
          "ended while " + facts.endedAt,
          "what is below is not all there is",
          "ask again with a longer --timeout; if it ends at the same place, look at the origin");
    }
  }
}
