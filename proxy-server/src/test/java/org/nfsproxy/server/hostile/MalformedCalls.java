package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.Wire.MOUNT;
import static org.nfsproxy.server.fakes.Wire.NFS;
import static org.nfsproxy.server.fakes.Wire.READ;
import static org.nfsproxy.server.fakes.Wire.call;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.words;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.xdr.XdrWriter;

// Calls that nobody can carry out. Each is answered as RFC 5531 section 9 says, by the proxy and
// not by the origin (which would echo), and the connection serves on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MalformedCalls {
  private static final int XID = 0x7e57_0001;
  private static final int PUTROOTFH = 24;
  private static final byte[] GARBAGE_ARGS = words(XID, 1, 0, 0, 0, 4);
  private static final byte[] PROC_UNAVAIL = words(XID, 1, 0, 0, 0, 3);
  private static final byte[] PROG_UNAVAIL = words(XID, 1, 0, 0, 0, 1);
  static final byte[] AUTH_BADCRED = words(XID, 1, 1, 1, 1);
  static final byte[] AUTH_TOOWEAK = words(XID, 1, 1, 1, 5);

  private final Reached reached;
  private final byte[] answerToAProbe;
  private FakeOrigin origin;
  private ProxyUnderTest proxy;
  private RawClient client;

  /**
   * On a way.
   *
   * @param answerToAProbe what is said to one for TLS
   */
  MalformedCalls(Reached reached, byte[] answerToAProbe) {
    this.reached = reached;
    this.answerToAProbe = answerToAProbe;
  }

  @BeforeAll
  void start() throws Exception {
    origin = FakeOrigin.start(FakeOriginConnection::echo);
    proxy = reached.settings(ProxyUnderTest.before(origin)).start();
  }

  @AfterAll
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  @BeforeEach
  void connect() throws Exception {
    client = reached.connect(proxy);
  }

  @AfterEach
  void connectionServesOn() throws IOException {
    assertEquals(0x600d, word(client.ask(nfsNull(0x600d)), 0));
    client.close();
  }

  private void assertAnswer(byte[] answer, byte[] message) throws IOException {
    assertArrayEquals(answer, client.ask(record(message)));
  }

  private static byte[] compound(Consumer<XdrWriter> arguments) {
    return call(XID, NFS, 4, 1, arguments);
  }

  @Test
  void callCutShort_atAnyByteBehindItsType_isGarbageArgs() throws IOException {
    byte[] whole = call(XID, NFS, 3, READ, out -> out.opaque(new byte[32]).int64(0).int32(1));
    for (int length = 8; length < whole.length; length++) {
      assertAnswer(GARBAGE_ARGS, Arrays.copyOf(whole, length));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0xffff_ffff, 0xffff_fffc, 0x8000_0000, 0x7fff_ffff, 65})
  void handleLongerThanTheCall_isGarbageArgs(int length) throws IOException {
    assertAnswer(GARBAGE_ARGS, call(XID, NFS, 3, READ, out -> out.int32(length).int64(0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0xffff_ffff, 0xffff_fffc, 0x8000_0000, 0x7fff_ffff})
  void tagLongerThanTheCall_isGarbageArgs(int length) throws IOException {
    assertAnswer(GARBAGE_ARGS, compound(out -> out.int32(length).int32(0).int32(0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0xffff_ffff, 0x8000_0000, 0x7fff_ffff, 1025})
  void moreOperationsAnnouncedThanAllowed_areGarbageArgs(int count) throws IOException {
    assertAnswer(GARBAGE_ARGS, compound(out -> out.string("").int32(1).int32(count)));
  }

  @Test
  void tenThousandOperations_areGarbageArgs() throws IOException {
    assertAnswer(
        GARBAGE_ARGS,
        compound(
            out -> {
              out.string("").int32(1).int32(10_000);
              for (int i = 0; i < 10_000; i++) {
                out.int32(PUTROOTFH);
              }
            }));
  }

  @Test
  void writeOfMoreBytesThanTheCallHas_isGarbageArgs() throws IOException {
    assertAnswer(
        GARBAGE_ARGS,
        call(
            XID,
            NFS,
            3,
            7,
            out -> out.opaque(new byte[32]).int64(0).int32(-1).int32(0).int32(-1).int64(0)));
  }

  @Test
  void unknownProgram_isProgUnavail() throws IOException {
    assertAnswer(PROG_UNAVAIL, call(XID, 100_099, 1, 0, none -> {}));
  }

  @ParameterizedTest
  @CsvSource({
    "100003, 1, 2, 4",
    "100003, 5, 2, 4",
    "100003, 0, 2, 4",
    "100003, -1, 2, 4",
    "100005, 4, 1, 3",
    "100005, 0, 1, 3",
    "100021, 3, 4, 4",
    "100227, 4, 2, 3"
  })
  void unknownVersion_isProgMismatch_withTheVersionsServed(
      int program, int version, int low, int high) throws IOException {
    assertAnswer(words(XID, 1, 0, 0, 0, 2, low, high), call(XID, program, version, 0, none -> {}));
  }

  @ParameterizedTest
  @CsvSource({"2, 18", "3, 22", "3, -1", "4, 2", "4, 10000"})
  void unknownProcedure_isProcUnavail(int version, int procedure) throws IOException {
    assertAnswer(PROC_UNAVAIL, call(XID, NFS, version, procedure, none -> {}));
  }

  @Test
  void unknownProcedureOfMount_isProcUnavail() throws IOException {
    assertAnswer(PROC_UNAVAIL, call(XID, MOUNT, 3, 6, none -> {}));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, -1})
  void otherVersionOfRpc_isRpcMismatch_withTwoAndTwo(int rpcVersion) throws IOException {
    byte[] message = words(XID, 0, rpcVersion, NFS, 3, 0, 0, 0, 0, 0);
    assertAnswer(words(XID, 1, 1, 0, 2, 2), message);
  }

  @Test
  void credentialOf401Bytes_isAuthBadcred() throws IOException {
    assertAnswer(AUTH_BADCRED, call(XID, NFS, 3, 0, 1, new byte[401], none -> {}));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, -1, 0x7fff_ffff, 0x8000_0000})
  void credentialAnnouncedTooLong_isAuthBadcred(int length) throws IOException {
    assertAnswer(AUTH_BADCRED, words(XID, 0, 2, NFS, 3, 0, 1, length, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, -1})
  void verifierAnnouncedTooLong_isAuthBadcred(int length) throws IOException {
    assertAnswer(AUTH_BADCRED, words(XID, 0, 2, NFS, 3, 0, 0, 0, 0, length, 0));
  }

  // RPCSEC_GSS, making a context: version, procedure, sequence, service, a handle of 380 bytes.
  @Test
  void credentialOf400Bytes_isForwarded() throws IOException {
    byte[] body = concat(words(1, 1, 0, 1, 380), new byte[380]);
    byte[] call = call(XID, NFS, 3, 0, 6, body, none -> {});
    assertAnswer(replyMessage(XID, call), call);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 99, -1})
  void flavorThatNobodyKnows_isAuthBadcred(int flavor) throws IOException {
    assertAnswer(AUTH_BADCRED, call(XID, NFS, 3, 0, flavor, new byte[400], none -> {}));
  }

  // What we judge by and what the origin executes would be two: Linux ignores the body's length.
  @Test
  void authSysThatEndsBeforeItsLength_isAuthBadcred() throws IOException {
    assertAnswer(AUTH_BADCRED, call(XID, NFS, 3, 0, 1, new byte[400], none -> {}));
  }

  // RFC 9289 section 4.1: the probe is NULL with the flavor AUTH_TLS. It is not wanted here;
  // inside TLS it is AUTH_BADCRED.
  @Test
  void probeForTls_isDenied() throws IOException {
    assertAnswer(answerToAProbe, call(XID, NFS, 4, 0, 7, new byte[0], none -> {}));
  }

  @Test
  void authTlsOfAnotherProcedure_isAuthBadcred() throws IOException {
    assertAnswer(AUTH_BADCRED, call(XID, NFS, 4, 1, 7, new byte[0], none -> {}));
  }
}
