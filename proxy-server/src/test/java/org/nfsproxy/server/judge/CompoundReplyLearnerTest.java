package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.words;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

// What is learnt is what Exports finds afterwards, without a question to the origin.
class CompoundReplyLearnerTest {
  private static final int PUTFH = 22;
  private static final int PUTROOTFH = 24;
  private static final int LOOKUP = 15;
  private static final int GETFH = 10;
  private static final int GETATTR = 9;
  private static final int SAVEFH = 32;
  private static final int READDIR = 26;
  private static final int NOENT = 2;
  private static final int FILE = 1;

  private final Vertx vertx = Vertx.vertx();
  private final Exports exports =
      new Exports(vertx, new RuledOrigin(), new ExportsSettings(100, 1000, 3_600_000), List::of);

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** The results of a COMPOUND, as an origin writes them. */
  private static final class Results {
    private Consumer<XdrWriter> results = out -> {};
    private int count;
    private int status;

    Results ok(int... operations) {
      for (int operation : operations) {
        add(operation, 0, none -> {});
      }
      return this;
    }

    Results failed(int operation, int status) {
      return add(operation, status, none -> {});
    }

    Results getfh(String handle) {
      return add(GETFH, 0, handle(handle));
    }

    /** Type and fsid, the attributes 1 and 8. */
    Results getattr(int type, long major, long minor) {
      return add(GETATTR, 0, fattr4(type, major, minor));
    }

    Results add(int operation, int status, Consumer<XdrWriter> body) {
      results = results.andThen(words(operation, status)).andThen(body);
      this.status = status;
      count++;
      return this;
    }

    byte[] record() {
      return Wire.reply(JudgedCalls.XID, Wire.xdr(words(status, 0, count).andThen(results)));
    }
  }

  private static Consumer<XdrWriter> fattr4(int type, long major, long minor) {
    return words(1, 1 << 1 | 1 << 8, 20, type).andThen(out -> out.int64(major).int64(minor));
  }

  private void learn(String put, Results results) {
    learn(put, results.record());
  }

  private void learn(String put, byte[] reply) {
    Filehandle handle = put == null ? null : Filehandle.of(put.getBytes(StandardCharsets.UTF_8));
    ByteBuf record = Unpooled.copiedBuffer(reply);
    assertSame(record, new CompoundReplyLearner(exports, handle, false, null).open(record));
    assertArrayEquals(reply, ByteBufUtil.getBytes(record));
  }

  private Export find(String handle) {
    ByteBuf bytes = Unpooled.copiedBuffer(handle, StandardCharsets.UTF_8);
    return exports.likely(bytes, 0, bytes.readableBytes(), 4);
  }

  private Export certain(String handle) {
    ByteBuf bytes = Unpooled.copiedBuffer(handle, StandardCharsets.UTF_8);
    return exports.find(bytes, 0, bytes.readableBytes(), 4);
  }

  private void assertKnown(String handle, long major, long minor) {
    Export export = find(handle);
    assertNotNull(export, handle);
    assertEquals(major, export.fsid(4).major());
    assertEquals(minor, export.fsid(4).minor());
  }

  @Test
  void getattrBehindPutfh_tellsOfTheHandleThatWasPut() {
    learn("put", new Results().ok(PUTFH).getattr(FILE, 7, 8));
    assertKnown("put", 7, 8);
  }

  @Test
  void getfhAndGetattr_inAnyOrder_tellOfOneObject() {
    learn("d", new Results().ok(PUTFH, LOOKUP).getfh("one").getattr(FILE, 7, 1));
    learn("d", new Results().ok(PUTFH, LOOKUP).getattr(FILE, 7, 2).getfh("two"));
    assertKnown("one", 7, 1);
    assertKnown("two", 7, 2);
    assertNull(find("d"));
  }

  @Test
  void attributesBeforeAMove_areNotThoseOfWhatIsBehindIt() {
    learn("put", new Results().ok(PUTFH).getattr(FILE, 7, 8).ok(LOOKUP).getfh("child"));
    assertKnown("put", 7, 8);
    assertNull(find("child"));
  }

  @Test
  void saving_isNoMove() {
    learn("put", new Results().ok(PUTFH, SAVEFH).getattr(FILE, 7, 8));
    assertKnown("put", 7, 8);
  }

  @Test
  void secondPutfh_isNotTheFirstHandle() {
    learn("first", new Results().ok(PUTFH, PUTFH).getattr(FILE, 7, 8));
    assertNull(find("first"));
  }

  @Test
  void root_isNotAHandleThatWasPut() {
    learn("put later", new Results().ok(PUTROOTFH).getattr(2, 7, 8));
    assertNull(find("put later"));
  }

  @Test
  void noHandlePut_tellsOfGetfhAlone() {
    learn(null, new Results().ok(PUTFH).getattr(FILE, 7, 8).getfh("got"));
    assertKnown("got", 7, 8);
  }

  @Test
  void attributesWithoutFsidAndType_tellNothing() {
    learn("put", new Results().ok(PUTFH).add(GETATTR, 0, words(1, 1 << 1, 4, FILE)));
    assertNull(find("put"));
  }

  @Test
  void failure_endsTheLearning() {
    learn("put", new Results().ok(PUTFH).getattr(FILE, 7, 8).failed(LOOKUP, NOENT));
    assertKnown("put", 7, 8);
    learn("gone", new Results().failed(PUTFH, 70));
    assertNull(find("gone"));
  }

  @Test
  void entriesOfADirectory_areNotTheDirectory() {
    Consumer<XdrWriter> entry =
        words(1).andThen(out -> out.int64(3).string("name")).andThen(fattr4(FILE, 9, 9));
    Consumer<XdrWriter> listing = words(0, 0).andThen(entry).andThen(words(0, 1));
    learn("put", new Results().ok(PUTFH).add(READDIR, 0, listing));
    assertNull(find("put"));
  }

  private static final int OPEN = 18;
  private static final int CLOSE = 4;
  private static final int READ = 25;

  /** OPEN4resok without a delegation: stateid, change information, flags, no attributes. */
  private static Consumer<XdrWriter> opened() {
    return out -> out.fixed(new byte[16]).int32(1).int64(0).int64(0).int32(0).int32(0).int32(0);
  }

  private void learnBehindOwner(byte[] reply) {
    ByteBuf record = Unpooled.copiedBuffer(reply);
    assertSame(record, new CompoundReplyLearner(exports, null, true, null).open(record));
  }

  @Test
  void openOfNfs40_readInOneWay_tells() {
    learnBehindOwner(
        new Results().ok(PUTFH).add(OPEN, 0, opened()).getfh("new").getattr(FILE, 7, 8).record());
    assertKnown("new", 7, 8);
  }

  // The owner's last operation was a CLOSE, and is replayed to its OPEN: a stateid alone. What the
  // OPEN's results would take for their rest are the next operation's, here a file's bytes that
  // look like it, with a handle and an fsid behind.
  @Test
  void closeReplayedToOpen_withAFilesBytesLikeTheRest_tellsNothing() {
    byte[] like =
        Wire.xdr(
            words(0, 0, GETFH, 0)
                .andThen(handle("forged"))
                .andThen(words(GETATTR, 0))
                .andThen(fattr4(FILE, 7, 8)));
    byte[] reply =
        new Results()
            .ok(PUTFH)
            .add(OPEN, 0, out -> out.fixed(new byte[16]))
            .ok(PUTFH)
            .add(READ, 0, out -> out.int32(1).opaque(like))
            .record();
    learnBehindOwner(reply);
    assertNull(find("forged"));
    learn(null, reply);
    assertKnown("forged", 7, 8); // which is what it looks like to who knows of no replay
  }

  @Test
  void openReplayedToClose_tellsNothing() {
    learnBehindOwner(
        new Results()
            .ok(PUTFH)
            .add(CLOSE, 0, opened())
            .ok(PUTFH, LOOKUP)
            .getfh("x")
            .getattr(FILE, 7, 8)
            .record());
    assertNull(find("x"));
  }

  @Test
  void replyCutAnywhere_passes_andTellsNothing() {
    byte[] whole = new Results().ok(PUTFH).getattr(FILE, 7, 8).record();
    for (int length = 4; length < whole.length; length++) {
      learn("put", Arrays.copyOf(whole, length));
    }
    assertNull(find("put"));
  }

  private boolean readsInPassing(String put, Results results) {
    Filehandle handle = put == null ? null : Filehandle.of(put.getBytes(StandardCharsets.UTF_8));
    byte[] reply = results.record();
    ByteBuf chunk = Unpooled.buffer().writeZero(7).writeBytes(reply).writeZero(9);
    return new CompoundReplyLearner(exports, handle, false, null)
        .readsInPassing(chunk, 7, 7 + reply.length);
  }

  @Test
  void inPassing_objectOfAKnownFilesystem_isLearnt_andOneOfANewOneIsLeft() throws Exception {
    exports.refresh().toCompletionStage().toCompletableFuture().get();
    int fsid = "/export".length();
    learn("/export", new Results().ok(PUTFH).getattr(2, fsid, 0));
    assertTrue(
        readsInPassing(
            null, new Results().ok(PUTFH, LOOKUP).getfh("child").getattr(FILE, fsid, 0)));
    assertNotNull(certain("child"));
    assertTrue(readsInPassing("put", new Results().ok(PUTFH).getattr(FILE, fsid, 0)));
    assertKnown("put", fsid, 0);
    assertNull(certain("put"), "no rule may rest on a handle in a call");
    assertFalse(
        readsInPassing(null, new Results().ok(PUTFH, LOOKUP).getfh("new").getattr(FILE, 500, 0)));
    assertNull(find("new"));
    assertTrue(readsInPassing(null, new Results().failed(PUTFH, 70)));
  }
}
