package org.nfsproxy.server.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nfsproxy.rpc.AuthStatus;

class DecisionTest {
  private static final Peer CLIENT = Peer.plain(ClientAddress.of(new byte[] {10, 0, 0, 1}));

  private static final Peer UNNAMED = Peer.secured(CLIENT.address(), null);
  private static final Peer NAMED =
      Peer.secured(
          CLIENT.address(),
          new PeerNames(new X500Principal("CN=a"), Set.of("a.b"), Set.of(), Set.of()));

  /** Asks for TLS, and for a name. */
  private static final Overrides DEMANDING =
      new Overrides(
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          Set.of(TransportSecurity.TLS, TransportSecurity.MTLS),
          CertificateMatch.of(List.of("a.b")),
          null);

  private static final ClientMatch EVERYBODY = ClientMatch.of(List.of("*"));
  private static final ClientMatch NOBODY = ClientMatch.of(List.of());

  private static Parameters parameters(
      ClientMatch clients, Access access, Squash squash, boolean hidden, UnreadableCalls opaque) {
    return new Parameters(
        clients,
        access,
        new Squashing(squash, 65534, 65534),
        EnumSet.complementOf(EnumSet.of(Security.NONE)),
        EnumSet.of(NfsVersion.V3, NfsVersion.V4_2),
        hidden,
        opaque,
        TransportSecurity.ALL,
        CertificateMatch.EVERYBODY,
        Caching.ON);
  }

  private static List<Parameters> allParameters() {
    List<Parameters> all = new ArrayList<>();
    for (ClientMatch clients : List.of(EVERYBODY, NOBODY)) {
      for (Access access : Access.values()) {
        for (Squash squash : Squash.values()) {
          for (boolean hidden : new boolean[] {false, true}) {
            for (UnreadableCalls opaque : UnreadableCalls.values()) {
              Parameters open = parameters(clients, access, squash, hidden, opaque);
              all.add(open);
              all.add(DEMANDING.over(open));
            }
          }
        }
      }
    }
    return all;
  }

  private static <E> List<E> orNull(E[] values) {
    return Stream.concat(Stream.of(values), Stream.of((E) null)).toList();
  }

  // The order of the reasons, written down once more: each has to be absent for the next to count.
  private static Decision expected(
      Parameters p, Peer client, Security security, NfsVersion version, boolean writes) {
    boolean kerberos =
        security == Security.KRB5 || security == Security.KRB5I || security == Security.KRB5P;
    return p.hidden()
        ? Decision.HIDDEN
        : p.clients() == NOBODY
            ? Decision.NOT_A_CLIENT
            : p.access() == Access.NONE
                ? Decision.NO_ACCESS
                : version != NfsVersion.V3 && version != NfsVersion.V4_2
                    ? Decision.WRONG_VERSION
                    : !p.certificates().isEverybody() && client == CLIENT
                        ? Decision.WRONG_TRANSPORT
                        : !p.certificates().isEverybody() && client == UNNAMED
                            ? Decision.WRONG_CERTIFICATE
                            : security == null || security == Security.NONE
                                ? Decision.WRONG_FLAVOR
                                : writes && p.access() == Access.RO
                                    ? Decision.READ_ONLY
                                    : kerberos
                                            && p.squashing().squash() == Squash.ALL
                                            && p.opaque() == UnreadableCalls.REFUSE
                                        ? Decision.OPAQUE
                                        : Decision.ALLOWED;
  }

  @Test
  void everyCombination_hasItsFirstReason() {
    Set<Decision> met = EnumSet.noneOf(Decision.class);
    for (Parameters parameters : allParameters()) {
      for (Security security : orNull(Security.values())) {
        for (NfsVersion version : orNull(NfsVersion.values())) {
          for (boolean writes : new boolean[] {false, true}) {
            for (Peer client : List.of(CLIENT, UNNAMED, NAMED)) {
              Decision decision = Decision.of(parameters, client, security, version, writes);
              assertEquals(
                  expected(parameters, client, security, version, writes),
                  decision,
                  parameters + " " + client + " " + security + " " + version + " " + writes);
              met.add(decision);
            }
          }
        }
      }
    }
    assertEquals(EnumSet.allOf(Decision.class), met);
  }

  @Test
  void mount_doesNotAskForTheFlavor_andNeverWrites() {
    Parameters strong =
        new Parameters(
            EVERYBODY,
            Access.RO,
            new Squashing(Squash.ALL, 1, 1),
            Set.of(Security.KRB5P),
            Set.of(NfsVersion.V3),
            false,
            UnreadableCalls.REFUSE,
            TransportSecurity.ALL,
            CertificateMatch.EVERYBODY,
            Caching.ON);
    assertEquals(Decision.ALLOWED, Decision.ofMount(strong, CLIENT, NfsVersion.V3));
    assertEquals(Decision.WRONG_VERSION, Decision.ofMount(strong, CLIENT, NfsVersion.V2));
  }

  @ParameterizedTest
  @EnumSource(Decision.class)
  void everyRefusal_hasAStatusInEveryProtocol(Decision decision) {
    for (Family family : Family.values()) {
      assertEquals(decision == Decision.ALLOWED, decision.status(family) == 0);
      assertEquals(decision == Decision.ALLOWED, decision.statusOfName(family) == 0);
    }
  }

  // RFC 1094 section 2.3.1, RFC 1813 sections 2.6 and 5.1.5, RFC 7530 section 13.1.
  @ParameterizedTest
  @CsvSource({
    "HIDDEN,        NFS2,   70,    2",
    "HIDDEN,        NFS3,   70,    2",
    "HIDDEN,        NFS4,   70,    2",
    "HIDDEN,        MOUNT1, 2,     2",
    "HIDDEN,        MOUNT3, 2,     2",
    "NOT_A_CLIENT,  NFS3,   13,    13",
    "NOT_A_CLIENT,  MOUNT3, 13,    13",
    "NO_ACCESS,     NFS4,   13,    13",
    "WRONG_VERSION, NFS4,   13,    13",
    "WRONG_FLAVOR,  NFS2,   13,    13",
    "WRONG_FLAVOR,  NFS3,   13,    13",
    "WRONG_FLAVOR,  NFS4,   10016, 10016",
    "WRONG_FLAVOR,  MOUNT3, 13,    13",
    "READ_ONLY,     NFS2,   30,    30",
    "READ_ONLY,     NFS3,   30,    30",
    "READ_ONLY,     NFS4,   30,    30",
    "OPAQUE,        NFS4,   13,    13",
  })
  void status_isTheRfcsNumber(Decision decision, Family family, int ofHandle, int ofName) {
    assertEquals(ofHandle, decision.status(family));
    assertEquals(ofName, decision.statusOfName(family));
  }

  @Test
  void wholeCall_isDeniedByAWordThatNobodyTriesAgain() {
    assertEquals(5, Decision.DENIED.ordinal());
    assertEquals(AuthStatus.AUTH_TOOWEAK, Decision.DENIED);
    assertEquals(10021, Decision.NFS4ERR_MINOR_VERS_MISMATCH);
  }

  @ParameterizedTest
  @CsvSource({
    "100003, 2, NFS2",
    "100003, 3, NFS3",
    "100003, 4, NFS4",
    "100227, 2, NFS2",
    "100227, 3, NFS3",
    "100005, 1, MOUNT1",
    "100005, 2, MOUNT1",
    "100005, 3, MOUNT3",
  })
  void family_isThatOfTheProgram(int program, int version, Family family) {
    assertEquals(family, Family.of(program, version));
  }

  @ParameterizedTest
  @CsvSource({
    "100227, 4",
    "100003, 1",
    "100003, 5",
    "100005, 0",
    "100005, 4",
    "100021, 4",
    "100000, 2"
  })
  void otherPrograms_haveNoFamily(int program, int version) {
    assertNull(Family.of(program, version));
  }

  @Test
  void unseenCall_isTakenForTheWorst() {
    Parameters open = unseen(Access.RW, EnumSet.allOf(NfsVersion.class), UnreadableCalls.REFUSE);
    Parameters readOnly =
        unseen(Access.RO, EnumSet.allOf(NfsVersion.class), UnreadableCalls.REFUSE);
    Parameters noFourZero =
        unseen(
            Access.RW, EnumSet.complementOf(EnumSet.of(NfsVersion.V4_0)), UnreadableCalls.REFUSE);
    Parameters left =
        unseen(Access.NONE, EnumSet.noneOf(NfsVersion.class), UnreadableCalls.FORWARD);
    assertEquals(Decision.ALLOWED, ofUnseen(open, 4));
    assertEquals(Decision.OPAQUE, ofUnseen(readOnly, 4));
    assertEquals(Decision.OPAQUE, ofUnseen(readOnly, 3));
    assertEquals(Decision.OPAQUE, ofUnseen(noFourZero, 4));
    assertEquals(Decision.ALLOWED, ofUnseen(noFourZero, 3));
    assertEquals(Decision.ALLOWED, ofUnseen(left, 4));
  }

  private static Parameters unseen(
      Access access, Set<NfsVersion> versions, UnreadableCalls opaque) {
    return new Parameters(
        EVERYBODY,
        access,
        new Squashing(Squash.ROOT, 1, 1),
        EnumSet.allOf(Security.class),
        versions,
        false,
        opaque,
        TransportSecurity.ALL,
        CertificateMatch.EVERYBODY,
        Caching.ON);
  }

  private static Decision ofUnseen(Parameters unseen, int version) {
    return Decision.ofUnseen(unseen, CLIENT, Security.KRB5P, version);
  }

  @Test
  void flavorsOfMnt_areFound() {
    for (Security each : Security.values()) {
      assertEquals(each, Security.ofPseudoFlavor(each.pseudoFlavor()));
      assertEquals(each, Security.ofWord(each.word()));
    }
    assertEquals(Security.SYS, Security.ofPseudoFlavor(1));
    assertEquals(Security.KRB5P, Security.ofPseudoFlavor(390005));
    assertNull(Security.ofPseudoFlavor(6));
  }

  @Test
  void numbersOfVersions_areFound() {
    assertEquals(NfsVersion.V2, NfsVersion.of(2, 0));
    assertEquals(NfsVersion.V3, NfsVersion.of(3, 0));
    assertEquals(NfsVersion.V4_0, NfsVersion.of(4, 0));
    assertEquals(NfsVersion.V4_2, NfsVersion.of(4, 2));
    assertNull(NfsVersion.of(4, 3));
    assertNull(NfsVersion.of(4, -1));
    assertNull(NfsVersion.of(1, 0));
    assertNotEquals(NfsVersion.V4_0, NfsVersion.of(4, 1));
  }
}
