package org.nfsproxy.backend.nfs.questions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.bytes;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.success;

import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.DirectoryPage;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.OwnRead;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.walk.AttributeWalk;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrWriter;

class FileReadsTest extends Asking {
  private static final int NFS = 100003;
  private static final Filehandle FILE = Filehandle.of(new byte[] {1, 2, 3, 4});
  private static final CallCredential READER = CallCredential.sys("nfs-proxy", 1000, 100, 27);

  private final List<byte[]> asked = new ArrayList<>();
  private FileReads reads;

  @BeforeEach
  void build() {
    reads =
        new FileReads(
            vertx,
            server -> connector(PATIENCE_MILLIS).connect(loopback(fake.port())),
            loopback(2049),
            CallCredential.sys("nfs-proxy", 0, 0));
  }

  @AfterEach
  void closeReads() throws Exception {
    await(reads.close());
  }

  private static String hex(CallCredential credential) {
    // Without the flavor and the length.
    return ByteBufUtil.hexDump(bytes(credential::write)).substring(16);
  }

  private static byte[] data(OwnRead read) {
    return ByteBufUtil.getBytes(read.reply(), read.dataAt(), read.dataLength());
  }

  private AnsweringOrigin.Script noting(Consumer<XdrWriter> results) {
    return (xid, in, out) -> {
      asked.add(in.fixed(in.remaining()));
      success(results).play(xid, in, out);
    };
  }

  private static void read3(XdrWriter out, boolean attributes, byte[] data) {
    out.int32(0).bool(attributes);
    if (attributes) {
      out.fixed(new byte[80]).int32(77);
    }
    out.int32(data.length).bool(true).opaque(data);
  }

  private static void read4(XdrWriter out, byte[] data) {
    out.int32(0).string("").int32(3).int32(22).int32(0);
    out.int32(25).int32(0).bool(false).opaque(data);
    out.int32(9).int32(0).int32(1).int32(1 << 4).int32(8).int64(4711);
  }

  @Test
  void read_nfs3_isTheReadersAndHasDataAndAttributes() throws Exception {
    fake.on(NFS, 3, 6, noting(out -> read3(out, true, new byte[] {5, 6, 7})));
    OwnRead read = await(reads.read(FILE, 3, READER, 1L << 40, 100));
    assertArrayEquals(new byte[] {5, 6, 7}, data(read));
    assertTrue(read.isEnd());
    assertEquals(77, read.reply().getInt(read.attributesAt() + 80));
    assertArrayEquals(
        bytes(out -> out.opaque(FILE.bytes()).int64(1L << 40).int32(100)), asked.get(0));
    assertEquals(List.of(hex(READER)), fake.credentials);
  }

  @Test
  void read_nfs3_withoutAttributes_saysSo() throws Exception {
    fake.on(NFS, 3, 6, success(out -> read3(out, false, new byte[1])));
    assertEquals(-1, await(reads.read(FILE, 3, READER, 0, 1)).attributesAt());
  }

  @Test
  void read_nfs4_isAnonymousAndAsksForTheVersion() throws Exception {
    fake.on(NFS, 4, 1, noting(out -> read4(out, new byte[] {5, 6})));
    OwnRead read = await(reads.read(FILE, 4, READER, 3, 100));
    assertArrayEquals(new byte[] {5, 6}, data(read));
    AttributeWalk walk = new AttributeWalk();
    walk.walk(read.reply(), read.attributesAt(), read.reply().writerIndex());
    assertEquals(4711, read.reply().getLong(walk.at(Attribute4.SIZE)));
    assertArrayEquals(
        bytes(
            out -> {
              out.int32(0).int32(0).int32(3).int32(22).opaque(FILE.bytes());
              out.int32(25).fixed(new byte[16]).int64(3).int32(100);
              out.int32(9).int32(2).int32(0x0010_0118).int32(0x0030_0000);
            }),
        asked.get(0));
    assertEquals(List.of(hex(READER)), fake.credentials);
  }

  @Test
  void read_bySession_isTheReadersAndTheSessionIsNot() throws Exception {
    SessionOrigin origin = new SessionOrigin();
    origin.status = 13;
    fake.on(NFS, 4, 1, origin);
    NfsStatusException denied =
        failure(NfsStatusException.class, reads.read(FILE, 4, READER, 0, 1));
    assertEquals(13, denied.status());
    String own = hex(CallCredential.sys("nfs-proxy", 0, 0));
    assertEquals(List.of(hex(READER), own, own, hex(READER)), List.copyOf(fake.credentials));
  }

  @Test
  void read_moreThanAskedFor_isGarbage() {
    fake.on(NFS, 3, 6, success(out -> read3(out, true, new byte[101])));
    failure(XdrException.class, reads.read(FILE, 3, READER, 0, 100));
    fake.on(NFS, 4, 1, success(out -> read4(out, new byte[101])));
    failure(XdrException.class, reads.read(FILE, 4, READER, 0, 100));
  }

  @Test
  void read_ofNothingOrTooMuch_isNotAsked() {
    failure(IllegalArgumentException.class, reads.read(FILE, 3, READER, 0, 0));
    int tooMany = ReadOrigin.READ_BYTES_MAX + 1;
    failure(IllegalArgumentException.class, reads.read(FILE, 3, READER, 0, tooMany));
    assertEquals(0, fake.calls());
  }

  @Test
  void read_refused_failsWithTheStatus() {
    fake.on(NFS, 3, 6, success(out -> out.int32(13).bool(false)));
    NfsStatusException denied =
        failure(NfsStatusException.class, reads.read(FILE, 3, READER, 0, 1));
    assertEquals(13, denied.status());
  }

  @Test
  void lookUp_isTheReaders() {
    fake.on(NFS, 3, 3, success(out -> out.int32(13).bool(false)));
    byte[] name = "x".getBytes(StandardCharsets.UTF_8);
    failure(NfsStatusException.class, reads.lookUp(FILE, name, 3, READER));
    assertEquals(List.of(hex(READER)), fake.credentials);
  }

  @Test
  void list_nfs3_leavesDotsOutAndGoesOnWhereItWas() throws Exception {
    fake.on(
        NFS,
        3,
        17,
        noting(
            out -> {
              out.int32(0).bool(false).int64(99);
              for (String name : List.of(".", "..", "a", "b")) {
                out.bool(true).int64(1).string(name).int64(name.length() + 40);
                out.bool(false).bool(true).opaque(FILE.bytes());
              }
              out.bool(false).bool(false);
            }));
    DirectoryPage page = await(reads.list(FILE, 3, READER, DirectoryPage.BEFORE));
    List<String> names = page.entries().stream().map(each -> new String(each.name())).toList();
    assertEquals(List.of("a", "b"), names);
    await(reads.list(FILE, 3, READER, page));
    assertArrayEquals(
        bytes(out -> out.opaque(FILE.bytes()).int64(41).int64(99).int32(32768).int32(32768)),
        asked.get(1));
  }

  @Test
  void list_thatEndsNowhere_ends() throws Exception {
    fake.on(NFS, 3, 17, success(out -> out.int32(0).bool(false).int64(99).bool(false).bool(false)));
    assertTrue(await(reads.list(FILE, 3, READER, DirectoryPage.BEFORE)).isLast());
  }
}
