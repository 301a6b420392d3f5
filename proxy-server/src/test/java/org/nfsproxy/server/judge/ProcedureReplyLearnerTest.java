package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
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
import org.nfsproxy.nfs.table.Nfs2;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

// What is learnt is what Exports finds afterwards, without a question to the origin.
class ProcedureReplyLearnerTest {
  private static final int OK = 0;
  private static final int STALE = 70;
  private static final int FILE = 1;
  private static final int DIRECTORY = 2;
  private static final Consumer<XdrWriter> ABSENT = words(0);

  private final Vertx vertx = Vertx.vertx();
  private final Exports exports =
      new Exports(vertx, new RuledOrigin(), new ExportsSettings(100, 1000, 3_600_000), List::of);

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** A fattr3 of RFC 1813. */
  private static Consumer<XdrWriter> fattr3(int type, long fsid) {
    return words(type, 0755, 1, 0, 0)
        .andThen(out -> out.int64(1).int64(1).int64(0).int64(fsid).int64(42))
        .andThen(out -> out.int64(0).int64(0).int64(0));
  }

  private static Consumer<XdrWriter> present(Consumer<XdrWriter> attributes) {
    return words(1).andThen(attributes);
  }

  private static byte[] reply(int status, Consumer<XdrWriter> results) {
    return Wire.reply(JudgedCalls.XID, Wire.xdr(words(status).andThen(results)));
  }

  private void learn(Procedure procedure, int version, String asked, String name, byte[] reply) {
    ByteBuf record = Unpooled.copiedBuffer(reply);
    assertSame(record, learner(procedure, version, asked, name, null).open(record));
    assertArrayEquals(reply, ByteBufUtil.getBytes(record));
  }

  /**
   * A learner for a call whose arguments are a handle and a name, and more that nobody looks at.
   */
  private ProcedureReplyLearner learner(
      Procedure procedure, int version, String asked, String name, Export known) {
    byte[] handle = asked.getBytes(StandardCharsets.UTF_8);
    byte[] handle2 = Arrays.copyOf(handle, Filehandle.NFS2_BYTES);
    Consumer<XdrWriter> arguments =
        out ->
            (version == 2 ? out.fixed(handle2) : out.opaque(handle))
                .string(name == null ? "" : name)
                .fixed(new byte[40]);
    ByteBuf call = Unpooled.wrappedBuffer(Wire.xdr(arguments));
    ArgumentsWalk walk = new ArgumentsWalk();
    walk.walk(procedure, call, 0, call.writerIndex());
    return new ProcedureReplyLearner(
        exports, procedure, version, known, null, null, null, null, walk, call);
  }

  private Export find(String path, int version) {
    ByteBuf bytes = Unpooled.copiedBuffer(path, StandardCharsets.UTF_8);
    return exports.likely(bytes, 0, bytes.readableBytes(), version);
  }

  private Export certain(String path, int version) {
    ByteBuf bytes = Unpooled.copiedBuffer(path, StandardCharsets.UTF_8);
    return exports.find(bytes, 0, bytes.readableBytes(), version);
  }

  private void assertKnown(String path, int version, long fsid) {
    Export export = find(path, version);
    assertNotNull(export, path);
    assertEquals(fsid, export.fsid(version).major(), path);
  }

  @Test
  void getattr_tellsOfTheHandleThatWasAsked() {
    learn(Nfs3.GETATTR, 3, "a file", null, reply(OK, fattr3(FILE, 77)));
    assertKnown("a file", 3, 77);
    assertNull(certain("a file", 3), "no rule may rest on a handle in a call");
    assertNull(find("a file", 4));
  }

  @Test
  void lookup_tellsOfBoth() {
    Consumer<XdrWriter> results =
        handle("child").andThen(present(fattr3(FILE, 78))).andThen(present(fattr3(DIRECTORY, 78)));
    learn(Nfs3.LOOKUP, 3, "directory", "name", reply(OK, results));
    assertKnown("child", 3, 78);
    assertKnown("directory", 3, 78);
  }

  @Test
  void lookup_withoutAttributes_tellsNothing() {
    learn(Nfs3.LOOKUP, 3, "d", "n", reply(OK, handle("c").andThen(ABSENT).andThen(ABSENT)));
    assertNull(find("c", 3));
    assertNull(find("d", 3));
  }

  @Test
  void lookupOfNfs2_tellsOfTheChild() {
    Consumer<XdrWriter> handle = out -> out.fixed(Arrays.copyOf("child".getBytes(), 32));
    Consumer<XdrWriter> fattr =
        words(DIRECTORY, 0755, 1, 0, 0, 1, 1, 0, 1).andThen(words(79, 42, 0, 0, 0, 0, 0, 0));
    learn(Nfs2.LOOKUP, 2, "directory", "name", reply(OK, handle.andThen(fattr)));
    assertKnown(new String(Arrays.copyOf("child".getBytes(), 32)), 2, 79);
  }

  @Test
  void readdirplus_tellsOfEachEntryByItsOwnAttributes() {
    Consumer<XdrWriter> entries =
        entry("with both", present(fattr3(FILE, 81)), words(1).andThen(handle("one")))
            .andThen(entry("without handle", present(fattr3(FILE, 82)), ABSENT))
            .andThen(entry("without attributes", ABSENT, words(1).andThen(handle("three"))))
            .andThen(
                entry(
                    "elsewhere", present(fattr3(DIRECTORY, 83)), words(1).andThen(handle("four"))));
    Consumer<XdrWriter> results =
        present(fattr3(DIRECTORY, 81)).andThen(out -> out.int64(0)).andThen(entries);
    learn(Nfs3.READDIRPLUS, 3, "directory", null, reply(OK, results.andThen(words(0, 1))));
    assertKnown("directory", 3, 81);
    assertKnown("one", 3, 81);
    assertNull(find("three", 3));
    assertKnown("four", 3, 83);
  }

  private static Consumer<XdrWriter> entry(
      String name, Consumer<XdrWriter> attributes, Consumer<XdrWriter> handle) {
    return words(1)
        .andThen(out -> out.int64(7).string(name).int64(8))
        .andThen(attributes)
        .andThen(handle);
  }

  // LOOKUP ".." of NFSv3 stays below the mount point, so the origin could not be asked for this.
  @Test
  void lookup_intoAnotherFilesystem_tellsWhereThatIs() throws Exception {
    exports.refresh().toCompletionStage().toCompletableFuture().get();
    Consumer<XdrWriter> results =
        handle("unknown to the origin")
            .andThen(present(fattr3(DIRECTORY, 500)))
            .andThen(present(fattr3(DIRECTORY, "/export".length())));
    learn(Nfs3.LOOKUP, 3, "/export/directory", "new", reply(OK, results));
    assertEquals("/export/directory/new", find("unknown to the origin", 3).path());
  }

  @Test
  void failure_tellsNothing() {
    learn(Nfs3.GETATTR, 3, "a file", null, reply(STALE, none -> {}));
    learn(Nfs3.LOOKUP, 3, "d", "n", reply(2, present(fattr3(DIRECTORY, 5)).andThen(none -> {})));
    assertNull(find("a file", 3));
    assertNull(find("d", 3));
  }

  @Test
  void replyCutAnywhere_passes_andTellsNothing() {
    byte[] whole = reply(OK, handle("child").andThen(present(fattr3(FILE, 78))).andThen(ABSENT));
    for (int length = 4; length < whole.length; length++) {
      learn(Nfs3.LOOKUP, 3, "directory", "name", Arrays.copyOf(whole, length));
    }
    assertNull(find("child", 3));
    assertNull(find("directory", 3));
  }

  // ---- in passing -----------------------------------------------------------------------------

  private static final int FSID = "/export".length();

  private static byte[] looked(String child, long fsid, long fsidAbove) {
    return reply(
        OK,
        handle(child)
            .andThen(present(fattr3(FILE, fsid)))
            .andThen(present(fattr3(DIRECTORY, fsidAbove))));
  }

  private boolean readsInPassing(Export known, byte[] reply) {
    ProcedureReplyLearner learner = learner(Nfs3.LOOKUP, 3, "/export/directory", "name", known);
    ByteBuf chunk = Unpooled.buffer().writeZero(7).writeBytes(reply).writeZero(9);
    return learner.readsInPassing(chunk, 7, 7 + reply.length);
  }

  private Export meetExport() throws Exception {
    exports.refresh().toCompletionStage().toCompletableFuture().get();
    learn(Nfs3.GETATTR, 3, "/export/directory", null, reply(OK, fattr3(DIRECTORY, FSID)));
    return find("/export/directory", 3);
  }

  private Export meetReadOnly() throws Exception {
    Filehandle directory = Filehandle.of("/export/ro/directory".getBytes(StandardCharsets.UTF_8));
    return exports.resolve(directory, 3).toCompletionStage().toCompletableFuture().get();
  }

  @Test
  void inPassing_objectOfAKnownFilesystem_isLearnt() throws Exception {
    Export known = meetExport();
    long before = known.handles();
    assertTrue(readsInPassing(known, looked("child", FSID, FSID)));
    assertSame(known, certain("child", 3));
    assertTrue(readsInPassing(known, looked("child", FSID, FSID)));
    assertEquals(before + 1, known.handles());
  }

  @Test
  void inPassing_newFilesystem_isLeftToTheWorker() throws Exception {
    Export known = meetExport();
    assertFalse(readsInPassing(known, looked("child", 500, 500)));
    assertNull(find("child", 3));
    assertNull(exports.at("/export/directory/name"));
  }

  @Test
  void inPassing_mountPointCrossed_isLeftToTheWorker() throws Exception {
    Export known = meetExport();
    meetReadOnly();
    assertFalse(readsInPassing(known, looked("child", "/export/ro".length(), FSID)));
  }

  @Test
  void inPassing_directoryThatIsKnownElsewhere_isLeftToTheWorkerAndStays() throws Exception {
    Export known = meetExport();
    assertNotSame(known, meetReadOnly());
    long fsid = "/export/ro".length();
    assertFalse(readsInPassing(known, looked("child", fsid, fsid)));
    assertSame(known, find("/export/directory", 3));
    learn(Nfs3.LOOKUP, 3, "/export/directory", "name", looked("child", fsid, fsid));
    assertSame(known, find("/export/directory", 3), "the origin, asked, says what it said");
  }

  @Test
  void inPassing_failureOrCutReply_passes_andTellsNothing() throws Exception {
    Export known = meetExport();
    assertTrue(readsInPassing(known, reply(STALE, ABSENT)));
    byte[] whole = looked("child", FSID, FSID);
    for (int length = 4; length < whole.length; length++) {
      assertTrue(readsInPassing(known, Arrays.copyOf(whole, length)));
    }
    assertNull(find("child", 3));
  }
}
