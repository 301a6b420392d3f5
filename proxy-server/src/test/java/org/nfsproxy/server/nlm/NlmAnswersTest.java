package org.nfsproxy.server.nlm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.xdr.XdrWriter;
import org.slf4j.LoggerFactory;

/** The lock manager's refusals, RFC 1813 appendix II, byte by byte. */
class NlmAnswersTest {
  private static final int XID = 0x0102_0304;
  private static final int NOLOCKS = 2;
  private static final byte[] COOKIE = {9, 8, 7, 6, 5};
  private static final Consumer<XdrWriter> NOTHING = out -> {};

  // The structures of RFC 1813 appendix II, written once more and independently of the table.
  private static final Consumer<XdrWriter> ALOCK =
      out -> {
        out.string("client-1")
            .opaque(new byte[28])
            .opaque("owner".getBytes(StandardCharsets.UTF_8));
        out.int32(0).int64(0).int64(-1);
      };
  private static final Consumer<XdrWriter> TESTARGS =
      out -> ALOCK.accept(out.opaque(COOKIE).bool(true));
  private static final Consumer<XdrWriter> CANCARGS =
      out -> ALOCK.accept(out.opaque(COOKIE).bool(true).bool(true));
  private static final Consumer<XdrWriter> LOCKARGS =
      CANCARGS.andThen(out -> out.bool(false).int32(3));
  private static final Consumer<XdrWriter> UNLOCKARGS = out -> ALOCK.accept(out.opaque(COOKIE));
  private static final Consumer<XdrWriter> RES = out -> out.opaque(COOKIE).int32(0);
  private static final Consumer<XdrWriter> SHAREARGS =
      out -> {
        out.opaque(COOKIE).string("client-1").opaque(new byte[28]).opaque(new byte[] {1});
        out.int32(3).int32(3).bool(false);
      };
  private static final Consumer<XdrWriter> NOTIFY = out -> out.string("client-1").int32(5);

  private static final Map<Integer, Consumer<XdrWriter>> ARGUMENTS =
      Map.ofEntries(
          Map.entry(0, NOTHING),
          Map.entry(1, TESTARGS),
          Map.entry(2, LOCKARGS),
          Map.entry(3, CANCARGS),
          Map.entry(4, UNLOCKARGS),
          Map.entry(5, TESTARGS),
          Map.entry(6, TESTARGS),
          Map.entry(7, LOCKARGS),
          Map.entry(8, CANCARGS),
          Map.entry(9, UNLOCKARGS),
          Map.entry(10, TESTARGS),
          Map.entry(11, RES),
          Map.entry(12, RES),
          Map.entry(13, RES),
          Map.entry(14, RES),
          Map.entry(15, RES),
          Map.entry(20, SHAREARGS),
          Map.entry(21, SHAREARGS),
          Map.entry(22, LOCKARGS),
          Map.entry(23, NOTIFY));

  private final Logger logger = (Logger) LoggerFactory.getLogger(LockRefusals.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final NlmAnswers answers = new NlmAnswers(new LockRefusals());
  private InetAddress client = InetAddress.getLoopbackAddress();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  private static byte[] bytes(Consumer<XdrWriter> writing) {
    ByteBuf buffer = Unpooled.buffer();
    writing.accept(new XdrWriter(buffer));
    return ByteBufUtil.getBytes(buffer);
  }

  private static byte[] call(int version, int procedure, Consumer<XdrWriter> arguments) {
    return bytes(
        out -> {
          out.int32(XID).int32(0).int32(2).int32(100021).int32(version).int32(procedure);
          out.int32(0).int32(0).int32(0).int32(0);
          arguments.accept(out);
        });
  }

  private static byte[] reply(int acceptStatus, Consumer<XdrWriter> rest) {
    byte[] message =
        bytes(
            out -> {
              out.int32(XID).int32(1).int32(0).int32(0).int32(0).int32(acceptStatus);
              rest.accept(out);
            });
    return bytes(out -> out.int32(0x8000_0000 | message.length).fixed(message));
  }

  /** The reply, record marker included; the call lies somewhere inside a larger record. */
  private byte[] ask(byte[] message) {
    ByteBuf record = Unpooled.buffer().writeInt(0x8000_0000 | message.length).writeBytes(message);
    Call call = new Call();
    assertEquals(Call.Form.CALL, call.read(record, 4, record.writerIndex()));
    ByteBuf answer = answers.answer(UnpooledByteBufAllocator.DEFAULT, call, record, client);
    assertEquals(4 + message.length, record.readableBytes(), "the record stays the caller's");
    byte[] bytes = ByteBufUtil.getBytes(answer);
    answer.release();
    return bytes;
  }

  @Test
  void lock_fromALinuxClient_isTheGoldenReply() {
    String message =
        "01020304 00000000 00000002 000186b5 00000004 00000002" // NLM v4 LOCK
            + "00000000 00000000 00000000 00000000"
            + "00000004 01000000" // cookie
            + "00000000 00000001" // do not block, exclusive
            + "00000002 63310000" // caller "c1"
            + "00000004 aabbccdd" // filehandle
            + "00000004 30406331" // owner "0@c1"
            + "00000000 0000000000000000 0000000000000000" // svid, offset, length
            + "00000000 00000003"; // no reclaim, state 3
    String answer =
        "80000024 01020304 00000001 00000000 00000000 00000000 00000000"
            + "00000004 01000000 00000002"; // the cookie, LCK_DENIED_NOLOCKS
    HexFormat hex = HexFormat.of();
    assertArrayEquals(
        hex.parseHex(answer.replace(" ", "")), ask(hex.parseHex(message.replace(" ", ""))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 22})
  void procedure_withResult_isDeniedNoLocks(int procedure) {
    byte[] denied = reply(0, out -> out.opaque(COOKIE).int32(NOLOCKS));
    assertArrayEquals(denied, ask(call(4, procedure, ARGUMENTS.get(procedure))));
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 21})
  void procedure_share_isDeniedWithSequenceZero(int procedure) {
    byte[] denied = reply(0, out -> out.opaque(COOKIE).int32(NOLOCKS).int32(0));
    assertArrayEquals(denied, ask(call(4, procedure, SHAREARGS)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 23})
  void procedure_withoutResult_isAnsweredVoid(int procedure) {
    assertArrayEquals(reply(0, NOTHING), ask(call(4, procedure, ARGUMENTS.get(procedure))));
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 18, 19, 24, 1000, -1, Integer.MIN_VALUE})
  void procedure_unknown_isUnavailable(int procedure) {
    assertArrayEquals(reply(3, NOTHING), ask(call(4, procedure, LOCKARGS)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 5, -1})
  void version_other_isMismatch(int version) {
    assertArrayEquals(reply(2, out -> out.int32(4).int32(4)), ask(call(version, 2, LOCKARGS)));
  }

  @Test
  void arguments_truncatedAnywhere_areGarbage() {
    for (int procedure : IntStream.range(1, 24).filter(ARGUMENTS::containsKey).toArray()) {
      byte[] whole = call(4, procedure, ARGUMENTS.get(procedure));
      for (int length = 40; length < whole.length; length++) {
        byte[] answer = ask(Arrays.copyOf(whole, length));
        assertArrayEquals(reply(4, NOTHING), answer, procedure + " cut to " + length);
      }
    }
  }

  @Test
  void arguments_lengthBeyondItsBound_areGarbage() {
    for (int length : new int[] {1025, Integer.MAX_VALUE, -1, -4}) {
      byte[] asked = call(4, 2, out -> out.int32(length).fixed(new byte[4096]));
      assertArrayEquals(reply(4, NOTHING), ask(asked), "cookie of " + length);
    }
    assertArrayEquals(
        reply(0, out -> out.opaque(new byte[1024]).int32(NOLOCKS)),
        ask(call(4, 4, out -> ALOCK.accept(out.opaque(new byte[1024])))));
  }

  @Test
  void refusal_ofOneClient_isLoggedOnceWithReasonAndCure() {
    for (int i = 0; i < 3; i++) {
      ask(call(4, 2, LOCKARGS));
      ask(call(4, 1, TESTARGS));
      ask(call(4, 20, SHAREARGS));
    }
    assertEquals(1, log.list.size());
    assertEquals(Level.WARN, log.list.get(0).getLevel());
    String line = log.list.get(0).getFormattedMessage();
    for (String words : List.of("127.0.0.1", "LCK_DENIED_NOLOCKS", "svid", "nolock", "vers=4")) {
      assertEquals(true, line.contains(words), line);
    }
  }

  @Test
  void refusal_ofAnotherClient_isLoggedToo() throws Exception {
    ask(call(4, 2, LOCKARGS));
    client = InetAddress.getByName("192.0.2.1");
    ask(call(4, 7, LOCKARGS));
    assertEquals(2, log.list.size());
  }

  @Test
  void callsThatAskForNoLock_areNotLogged() {
    for (int procedure : new int[] {0, 3, 4, 5, 8, 9, 10, 11, 21, 23}) {
      ask(call(4, procedure, ARGUMENTS.get(procedure)));
    }
    ask(call(4, 2, NOTHING));
    ask(call(3, 2, LOCKARGS));
    assertEquals(List.of(), log.list);
  }

  @Test
  void refusals_ofMoreClientsThanRemembered_forgetTheFirst() throws Exception {
    LockRefusals refusals = new LockRefusals();
    logger.setLevel(Level.WARN);
    logger.setAdditive(false);
    try {
      for (int i = 0; i <= 4096; i++) {
        refusals.refused(InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i}));
      }
      assertEquals(4097, log.list.size());
      refusals.refused(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}));
      assertEquals(4097, log.list.size(), "the second is still known");
      refusals.refused(InetAddress.getByAddress(new byte[] {10, 0, 0, 0}));
      assertEquals(4098, log.list.size(), "the first was forgotten");
    } finally {
      logger.setAdditive(true);
      logger.setLevel(null);
    }
  }
}
