package org.nfsproxy.server.probe;

import static org.nfsproxy.server.probe.Severity.CHANGE;
import static org.nfsproxy.server.probe.Severity.NOTE;
import static org.nfsproxy.server.probe.Severity.OK;

import java.util.ArrayList;
import java.util.List;

/** What NFSv4.1 and later show of a server: its names, its roles, its sessions. */
final class SessionFindings {
  /** The default of calls.verifiesMax: operations that the proxy may put into a COMPOUND. */
  static final int VERIFIES_MAX = 16;

  /** What a Linux client asks for. */
  private static final int CLIENT_OPERATIONS = 8;

  /** Below it a Linux client, which comes again after 3 s and then 6, may miss it. */
  private static final int SHORT_LEASE_SECONDS = 15;

  /** What every proxy puts behind a server's names, see IdentitySuffix. */
  private static final String MARK = "/via:";

  private final ProbeFacts facts;
  private final List<Finding> findings = new ArrayList<>();

  private SessionFindings(ProbeFacts facts) {
    this.facts = facts;
  }

  static List<Finding> of(ProbeFacts facts) {
    SessionFindings all = new SessionFindings(facts);
    if (facts.introduction != null) {
      all.names(facts.introduction);
      all.roles(facts.introduction);
    }
    if (facts.session != null) {
      all.session(facts.session);
      all.delegations(facts.session);
    }
    if (!facts.noSession.isEmpty() && facts.session == null) {
      all.noSession();
    }
    if (facts.leaseSeconds > 0) {
      all.lease();
    }
    return all.findings;
  }

  private void add(String name, Severity severity, String found, String means, String cure) {
    findings.add(Finding.of(name, severity, found, means, cure));
  }

  private void names(Introduction said) {
    String found =
        "owner %s (minor %s), scope %s%s"
            .formatted(
                said.owner(),
                Long.toUnsignedString(said.minorId()),
                said.scope(),
                said.implementation().isEmpty() ? "" : ", made by " + said.implementation());
    if (said.owner().contains(MARK) || said.scope().contains(MARK)) {
      add(
          "server",
          CHANGE,
          found,
          "this is a proxy of this kind already: as its own origin it would ask itself for ever",
          "name the server behind it, unless two proxies are meant to stand in a row");
      return;
    }
    add(
        "server",
        OK,
        found,
        "clients see these names with the proxy's mark, and take proxy and origin for two servers",
        "");
  }

  // A Linux server says that it is a metadata server whether or not an export has `pnfs`.
  private void roles(Introduction said) {
    boolean hasLayouts =
        facts.filesystems.stream().anyMatch(each -> each.v4() != null && each.v4().layoutTypes > 0);
    if (hasLayouts) {
      add(
          "pNFS",
          NOTE,
          "a metadata server, with layouts",
          "the proxy takes the offer back: all reading and writing of its clients goes through it, and"
              + " under Kerberos it cannot",
          "switch pNFS off at the origin if clients use Kerberos");
    } else {
      boolean offers = said.isMetadataServer() || said.isDataServer();
      add(
          "pNFS",
          OK,
          offers ? "offered, but no filesystem has layouts" : "not offered",
          "data goes through the proxy anyway",
          "");
    }
  }

  private void session(SessionGrant grant) {
    boolean isNarrow = grant.operationsMax() < CLIENT_OPERATIONS + VERIFIES_MAX;
    add(
        "session",
        isNarrow ? NOTE : OK,
        "%s, %s a COMPOUND, calls of %s, replies of %s"
            .formatted(
                Amount.of(grant.slots(), "slot", "slots"),
                Amount.of(grant.operationsMax(), "operation", "operations"),
                Amount.bytes(grant.requestBytesMax()),
                Amount.bytes(grant.replyBytesMax())),
        isNarrow
            ? "where rules differ, the proxy adds up to %d operations to a client's; COMPOUNDs that"
                    .formatted(VERIFIES_MAX)
                + " become too long are refused"
            : "each client has as many calls at a time as through no proxy",
        isNarrow ? "set calls.verifiesMax to a quarter of that, or allow more at the origin" : "");
  }

  private void delegations(SessionGrant grant) {
    if (grant.backChannel()) {
      add(
          "delegations",
          OK,
          "callbacks come over the client's own connection",
          "delegations can be recalled through the proxy; whether the origin gives any shows only when"
              + " a file is opened, which a probe does not do",
          "");
    } else {
      add(
          "delegations",
          NOTE,
          "no back channel was granted",
          "no delegations, and so more calls from clients that read the same files again",
          "");
    }
  }

  private void noSession() {
    add(
        "session",
        CHANGE,
        "refused: " + facts.noSession,
        "clients of 4.1 and later may be refused too, and so may the proxy's own questions",
        "look at the origin's log; it may lack memory for sessions, or want Kerberos for them");
  }

  private void lease() {
    boolean isShort = facts.leaseSeconds < SHORT_LEASE_SECONDS;
    add(
        "lease",
        isShort ? NOTE : OK,
        facts.leaseSeconds
            + " s; a grace period cannot be asked for, and is usually as long or longer",
        "a client that is back within it after a restart of the proxy keeps its locks: the proxy holds"
            + " none of them",
        isShort ? "make it longer: 90 s is usual" : "");
  }
}
