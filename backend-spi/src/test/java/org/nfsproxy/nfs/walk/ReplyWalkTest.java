package org.nfsproxy.nfs.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.nfs.GoldenProcedure;
import org.nfsproxy.nfs.ResultBuilder;
import org.nfsproxy.nfs.XdrBytes;
import org.nfsproxy.nfs.table.HandlesOut;
import org.nfsproxy.nfs.table.Layout;
import org.nfsproxy.nfs.table.Mount1;
import org.nfsproxy.nfs.table.Mount2;
import org.nfsproxy.nfs.table.Mount3;
import org.nfsproxy.nfs.table.Nfs2;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsAcl2;
import org.nfsproxy.nfs.table.NfsAcl3;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.ServerAttributes;

/** Every procedure's results: whole, in pieces, cut off and spoilt. */
class ReplyWalkTest {
  private final ReplyWalk walk = new ReplyWalk();

  static List<GoldenReply> all() {
    return GoldenReply.ALL;
  }

  /** Procedures whose results are written down; those of other programs are not read here. */
  private static List<Procedure> rows() {
    return GoldenProcedure.rows().stream()
        .filter(row -> row.results() != Layout.REST)
        .collect(Collectors.toList());
  }

  @Test
  void goldens_coverEveryRowThatIsRead() {
    Set<Procedure> covered =
        all().stream()
            .filter(golden -> golden.status() == null || golden.status() == 0)
            .map(GoldenReply::row)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    assertEquals(new LinkedHashSet<>(rows()), covered);
  }

  @Test
  void results_ofNfsMountAndAcl_areAllWrittenDown() {
    Set<Class<?>> programs =
        rows().stream().map(Object::getClass).collect(Collectors.toCollection(LinkedHashSet::new));
    assertEquals(
        Set.of(
            Nfs2.class,
            Nfs3.class,
            Mount1.class,
            Mount2.class,
            Mount3.class,
            NfsAcl2.class,
            NfsAcl3.class),
        programs);
    for (Procedure row : GoldenProcedure.rows()) {
      assertEquals(programs.contains(row.getClass()), row.results() != Layout.REST, row.label());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void results_whole_showTheirParts(GoldenReply golden) {
    byte[] bytes = golden.encode().bytes();
    // Bytes behind the results do not matter.
    ByteBuf buffer = Unpooled.buffer().writeBytes(bytes).writeZero(9);
    assertEquals(Outcome.WHOLE, walk.walk(golden.row(), buffer, 0, bytes.length + 9));
    assertEquals(bytes.length, walk.end());
    assertEquals(golden.status() == null ? 0 : golden.status(), walk.status());
    assertEquals(
        golden.encode().parts(), GoldenResultsTest.written(walk.parts(), 0, walk.parts().count()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void results_inBuffersOfOneByteEach_showTheirParts(GoldenReply golden) {
    byte[] bytes = golden.encode().bytes();
    ByteBuf buffer = GoldenResultsTest.onePerByte(bytes);
    assertEquals(Outcome.WHOLE, walk.walk(golden.row(), buffer, 0, bytes.length));
    assertEquals(
        golden.encode().parts(), GoldenResultsTest.written(walk.parts(), 0, walk.parts().count()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void results_cutAtEveryByte_areGarbage(GoldenReply golden) {
    byte[] bytes = golden.encode().bytes();
    ByteBuf whole = Unpooled.wrappedBuffer(bytes);
    for (int length = 0; length < bytes.length; length++) {
      ByteBuf cut = Unpooled.copiedBuffer(bytes, 0, length);
      assertEquals(Outcome.GARBAGE, walk.walk(golden.row(), cut, 0, length), "at " + length);
      assertEquals(Outcome.GARBAGE, walk.walk(golden.row(), whole, 0, length), "at " + length);
      assertEquals(0, walk.parts().count());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void results_withEachWordSpoilt_areWalkedWithinTheirBytes(GoldenReply golden) {
    byte[] bytes = golden.encode().bytes();
    for (int spoilt : new int[] {-1, 0x80000000, 0x7fffffff, 0x7ffffffc, 0x00ffffff, 0, 1, 2}) {
      for (int at = 0; at + 4 <= bytes.length; at += 4) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes).setInt(at, spoilt);
        walk.walk(golden.row(), buffer, 0, bytes.length);
        assertTrue(walk.end() <= bytes.length);
        for (int i = 0; i < walk.parts().count(); i++) {
          assertTrue(walk.parts().length(i) >= 0);
          assertTrue(walk.parts().at(i) + walk.parts().length(i) <= walk.end());
        }
      }
    }
  }

  // The shape of a refusal made by us must be one that the results allow.
  @Test
  void failure_ofEachRow_hasTheShapeOfItsColumn() {
    for (Procedure row : rows()) {
      if (row.onFailure().hasStatus()) {
        int whole = 4 + 4 * row.onFailure().zeroWords();
        byte[] bytes = new XdrBytes<>().words(30, 0, 0, 0, 0, 0, 0, 0, 0).bytes();
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        assertEquals(Outcome.WHOLE, walk.walk(row, buffer, 0, bytes.length), row.label());
        assertEquals(whole, walk.end(), row.label());
        assertEquals(30, walk.status());
        assertEquals(Outcome.GARBAGE, walk.walk(row, buffer, 0, whole - 1), row.label());
      } else {
        assertTrue(row.onFailure().zeroWords() == 0, row.label());
      }
    }
  }

  @Test
  void handlesOut_ofEachRow_areInItsResults() {
    for (Procedure row : rows()) {
      HandlesOut out = row.handlesOut();
      boolean handles =
          out != HandlesOut.NOTHING
              && out != HandlesOut.IDENTITY
              && out != HandlesOut.OF_PATH
              && out != HandlesOut.PATHS;
      assertEquals(handles, row.resultParts().contains(Part.HANDLE), row.label());
      if (out == HandlesOut.IDENTITY) {
        assertTrue(row.resultParts().contains(Part.FIRST_ATTRIBUTES), row.label());
      }
      if (out == HandlesOut.PATHS) {
        assertTrue(row.resultParts().contains(Part.NAME), row.label());
      }
    }
    for (Nfs4 row : Nfs4.values()) {
      HandlesOut out = row.handlesOut();
      boolean handle = row.resultParts().contains(Part.HANDLE);
      assertEquals(out == HandlesOut.OBJECT, handle, row.label());
      boolean attributes = row.resultParts().contains(Part.FATTR4);
      boolean teaches = out == HandlesOut.ATTRIBUTE || out == HandlesOut.ENTRIES;
      assertEquals(teaches, attributes, row.label());
    }
  }

  @Test
  void attributes_areReadFromTheirPlaces() {
    ByteBuf fattr3 = Unpooled.wrappedBuffer(new ResultBuilder().fattr3().bytes());
    assertEquals(ServerAttributes.NFS3.bytes(), fattr3.readableBytes());
    assertEquals(2, ServerAttributes.NFS3.type(fattr3, 0));
    assertEquals(0xf51dL, ServerAttributes.NFS3.fsid(fattr3, 0));
    assertEquals(128, ServerAttributes.NFS3.fileid(fattr3, 0));
    byte[] bytes = new ResultBuilder().fattr2(Part.ATTRIBUTES).bytes();
    ByteBuf fattr2 = Unpooled.wrappedBuffer(bytes);
    assertEquals(ServerAttributes.NFS2.bytes(), fattr2.readableBytes());
    assertEquals(2, ServerAttributes.NFS2.type(fattr2, 0));
    assertEquals(0xf51dL, ServerAttributes.NFS2.fsid(fattr2, 0));
    assertEquals(128, ServerAttributes.NFS2.fileid(fattr2, 0));
    fattr2.setInt(36, -1);
    assertEquals(0xffff_ffffL, ServerAttributes.NFS2.fsid(fattr2, 0));
  }
}
