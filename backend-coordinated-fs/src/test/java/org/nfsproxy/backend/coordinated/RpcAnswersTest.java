package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** RFC 5531 section 9: each way in which a call is not executed has its own answer. */
class RpcAnswersTest {
  private static final Consumer<XdrWriter> NOTHING = out -> {};

  private final EngineRig rig = new EngineRig();

  private static void assertWords(XdrReader in, int... words) {
    for (int word : words) {
      assertEquals(word, in.int32());
    }
    assertEquals(0, in.remaining());
  }

  @Test
  void null_ofEachProgram_succeeds() {
    assertEquals(0, rig.root.results(100003, 3, 0, NOTHING).remaining());
    assertEquals(0, rig.root.results(100005, 3, 0, NOTHING).remaining());
  }

  @Test
  void program_unknown_progUnavail() {
    assertWords(rig.root.reply(100021, 4, 0, NOTHING), Nfs3Calls.XID, 1, 0, 0, 0, 1);
  }

  @Test
  void version_unknown_progMismatchWithLowAndHigh() {
    assertWords(rig.root.reply(100003, 4, 0, NOTHING), Nfs3Calls.XID, 1, 0, 0, 0, 2, 3, 3);
    assertWords(rig.root.reply(100005, 1, 0, NOTHING), Nfs3Calls.XID, 1, 0, 0, 0, 2, 3, 3);
  }

  @Test
  void procedure_unknown_procUnavail() {
    assertWords(rig.root.reply(100003, 3, 22, NOTHING), Nfs3Calls.XID, 1, 0, 0, 0, 3);
    assertWords(rig.root.reply(100003, 3, -1, NOTHING), Nfs3Calls.XID, 1, 0, 0, 0, 3);
    assertWords(rig.root.reply(100005, 3, 6, NOTHING), Nfs3Calls.XID, 1, 0, 0, 0, 3);
  }

  @Test
  void arguments_missing_garbageArgsForEveryProcedureThatHasSome() {
    for (int procedure = 1; procedure < 22; procedure++) {
      assertWords(rig.root.reply(100003, 3, procedure, NOTHING), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    }
    assertWords(rig.root.reply(100005, 3, 1, NOTHING), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    assertWords(rig.root.reply(100005, 3, 3, NOTHING), Nfs3Calls.XID, 1, 0, 0, 0, 4);
  }

  @Test
  void arguments_truncatedAtEachWord_garbageArgs() {
    int whole = 4 + rig.export.length + 8 + 4 + 4 + 4 + 8;
    for (int length = 0; length < whole; length += 4) {
      ByteBuf all = Unpooled.buffer();
      new XdrWriter(all).opaque(rig.export).int64(0).int32(8).int32(2).opaque(new byte[8]);
      byte[] cut = new byte[length];
      all.getBytes(0, cut);
      assertWords(
          rig.root.reply(100003, 3, 7, out -> out.fixed(cut)), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    }
  }

  @Test
  void arguments_outOfTheirRange_garbageArgs() {
    Consumer<XdrWriter> handleOf65Bytes = out -> out.opaque(new byte[65]);
    Consumer<XdrWriter> lengthOf4Gib = out -> out.int32(-1);
    Consumer<XdrWriter> stable3 =
        out -> out.opaque(rig.export).int64(0).int32(0).int32(3).opaque(new byte[0]);
    Consumer<XdrWriter> countNotLength =
        out -> out.opaque(rig.export).int64(0).int32(5).int32(2).opaque(new byte[4]);
    Consumer<XdrWriter> createMode3 = out -> out.opaque(rig.export).opaque(new byte[1]).int32(3);
    Consumer<XdrWriter> type0 = out -> out.opaque(rig.export).opaque(new byte[1]).int32(0);
    Consumer<XdrWriter> type8 = out -> out.opaque(rig.export).opaque(new byte[1]).int32(8);
    Consumer<XdrWriter> boolean2 = out -> out.opaque(rig.export).int32(2);
    assertWords(rig.root.reply(100003, 3, 1, handleOf65Bytes), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    assertWords(rig.root.reply(100003, 3, 1, lengthOf4Gib), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    assertWords(rig.root.reply(100003, 3, 7, stable3), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    assertWords(rig.root.reply(100003, 3, 7, countNotLength), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    assertWords(rig.root.reply(100003, 3, 8, createMode3), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    assertWords(rig.root.reply(100003, 3, 11, type0), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    assertWords(rig.root.reply(100003, 3, 11, type8), Nfs3Calls.XID, 1, 0, 0, 0, 4);
    assertWords(rig.root.reply(100003, 3, 2, boolean2), Nfs3Calls.XID, 1, 0, 0, 0, 4);
  }

  @Test
  void rpcVersion_3_deniedWithRpcMismatch() {
    ByteBuf call = Unpooled.buffer().writeInt(9).writeInt(0).writeInt(3).writeZero(32);
    assertWords(rig.root.answer(call), 9, 1, 1, 0, 2, 2);
  }

  @Test
  void credential_ofAnotherFlavor_deniedWithBadCred() {
    for (int flavor :
        new int[] {AuthFlavor.AUTH_SHORT, AuthFlavor.RPCSEC_GSS, AuthFlavor.AUTH_TLS}) {
      Nfs3Calls calls = rig.root.with(CallCredential.of(flavor, new byte[0]));
      assertWords(calls.reply(100003, 3, 0, NOTHING), Nfs3Calls.XID, 1, 1, 1, 1);
    }
  }

  @Test
  void credential_authSysThatIsNone_deniedWithBadCred() {
    byte[][] bodies = {new byte[0], new byte[16], new byte[24], gids(17), machine(256)};
    for (byte[] body : bodies) {
      Nfs3Calls calls = rig.root.with(CallCredential.of(AuthFlavor.AUTH_SYS, body));
      assertWords(calls.reply(100003, 3, 0, NOTHING), Nfs3Calls.XID, 1, 1, 1, 1);
    }
    Nfs3Calls most = rig.root.with(CallCredential.of(AuthFlavor.AUTH_SYS, gids(16)));
    assertEquals(0, most.results(100003, 3, 0, NOTHING).remaining());
  }

  private static byte[] gids(int count) {
    byte[] body = new byte[20 + 4 * count];
    body[19] = (byte) count;
    return body;
  }

  private static byte[] machine(int length) {
    byte[] body = new byte[20 + length];
    body[6] = (byte) (length >> 8);
    body[7] = (byte) length;
    return body;
  }

  @Test
  void credential_longerThan400Bytes_deniedWithBadCred() {
    ByteBuf call = Unpooled.buffer().writeInt(9).writeInt(0).writeInt(2);
    call.writeInt(100003).writeInt(3).writeInt(0).writeInt(1).writeInt(404).writeZero(500);
    assertWords(rig.root.answer(call), 9, 1, 1, 1, 1);
  }

  @Test
  void message_thatIsNoCall_isNotAnswered() {
    Engine engine = Engines.over(rig.files, Engines.replyMemory(8 << 20));
    ByteBuf reply = Unpooled.buffer().writeInt(9).writeInt(1).writeZero(20);
    ByteBuf headerCut = Unpooled.buffer().writeInt(9).writeInt(0).writeInt(2).writeInt(100003);
    ByteBuf http = Unpooled.wrappedBuffer("GET / HTTP/1.1\r\n\r\n".getBytes());
    assertTrue(engine.answer(reply, 0).isEmpty());
    assertTrue(engine.answer(headerCut, 0).isEmpty());
    assertTrue(engine.answer(http, 0).isEmpty());
    assertTrue(engine.answer(Unpooled.buffer(), 0).isEmpty());
  }
}
