package org.nfsproxy.nfs.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.nfsproxy.nfs.table.Layout.HYPER;
import static org.nfsproxy.nfs.table.Layout.UNBOUNDED;
import static org.nfsproxy.nfs.table.Layout.VOID;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.array;
import static org.nfsproxy.nfs.table.Layout.entries;
import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.handle;
import static org.nfsproxy.nfs.table.Layout.list;
import static org.nfsproxy.nfs.table.Layout.opaque;
import static org.nfsproxy.nfs.table.Layout.part;
import static org.nfsproxy.nfs.table.Layout.struct;
import static org.nfsproxy.nfs.table.Layout.union;
import static org.nfsproxy.nfs.table.Layout.unionOr;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.GoldenProcedure;
import org.nfsproxy.nfs.XdrBytes;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

class LayoutTest {
  private static final LayoutVisitor NOBODY =
      new LayoutVisitor() {
        @Override
        public void handle(int at, int length) {}

        @Override
        public void name(int at, int length) {}

        @Override
        public void writes() {}
      };

  /** Bytes a layout takes of these words. */
  private static int taken(Layout layout, int... words) {
    byte[] bytes = new XdrBytes<>().words(words).bytes();
    XdrReader reader = new XdrReader().reset(Unpooled.wrappedBuffer(bytes));
    layout.pass(reader, NOBODY);
    return reader.position();
  }

  @Test
  void struct_ofFixedItems_isOneStep() {
    assertEquals("28", struct(fixed(16), HYPER, WORD).toString());
    assertEquals("8 opaque<> 12", struct(WORD, WORD, opaque(UNBOUNDED), WORD, HYPER).toString());
    assertEquals("12 opaque<9>", struct(WORD, struct(HYPER, opaque(9))).toString());
    assertSame(VOID, struct());
    assertSame(VOID, struct(VOID, struct(VOID)));
  }

  @Test
  void fixed_thatNeedsPadding_cannotBeMade() {
    assertThrows(IllegalArgumentException.class, () -> fixed(6));
  }

  @Test
  void array_countBeyondTheBytes_isNotEvenBegun() {
    Layout words = array(UNBOUNDED, WORD);
    assertEquals(12, taken(words, 2, 0, 0));
    assertEquals(4, taken(words, 0));
    for (int count : new int[] {3, 0x20000000, 0x3fffffff, 0x40000000, 0x7fffffff, -1}) {
      assertThrows(XdrException.class, () -> taken(words, count, 0, 0));
    }
    Layout opaques = array(UNBOUNDED, opaque(UNBOUNDED));
    assertEquals(16, taken(opaques, 2, 0, 3, 0));
    assertThrows(XdrException.class, () -> taken(opaques, 3, 0, 0));
  }

  @Test
  void array_countBeyondItsBound_isGarbage() {
    Layout atMostOne = array(1, WORD);
    assertEquals(8, taken(atMostOne, 1, 0));
    assertThrows(XdrException.class, () -> taken(atMostOne, 2, 0, 0));
  }

  // An element of no bytes would let a count of 4 billion spin for as many steps.
  @Test
  void array_ofElementsThatMayBeEmpty_cannotBeMade() {
    assertThrows(IllegalArgumentException.class, () -> array(UNBOUNDED, VOID));
    assertThrows(IllegalArgumentException.class, () -> array(UNBOUNDED, Layout.REST));
    assertThrows(IllegalArgumentException.class, () -> array(UNBOUNDED, Layout.writesAlways()));
  }

  // Walks have room for the handles of a call's arguments, not for a list of them.
  @Test
  void array_ofHandles_cannotBeMade() {
    assertThrows(IllegalArgumentException.class, () -> array(UNBOUNDED, handle(64)));
  }

  @Test
  void union_arms_areChosenByTheDiscriminant() {
    Layout strict = union(arm(0), arm(6, WORD), arm(-1, HYPER));
    assertEquals(4, taken(strict, 0, 9, 9));
    assertEquals(8, taken(strict, 6, 9, 9));
    assertEquals(12, taken(strict, -1, 9, 9));
    assertThrows(XdrException.class, () -> taken(strict, 1, 9, 9));
    assertEquals(4, taken(unionOrVoid(arm(6, WORD)), 1, 9, 9));
    assertEquals(12, taken(unionOr(HYPER, arm(0, WORD)), 1, 9, 9));
    assertEquals("switch{0; 6: 4; -1: 8}", strict.toString());
  }

  @Test
  void list_ofElements_endsWithItsFalse() {
    Layout words = list(WORD, opaque(8));
    assertEquals(4, taken(words, 0));
    assertEquals(16 + 4, taken(words, 1, 7, 2, 0x01020000, 0, 9));
    assertThrows(XdrException.class, () -> taken(words, 2, 7, 0, 0));
    assertThrows(XdrException.class, () -> taken(words, 1, 7, 0));
    assertEquals("list(4 opaque<8>)", words.toString());
    assertEquals("entries(4 opaque<8>)", entries(WORD, opaque(8)).toString());
  }

  @Test
  void part_ofItems_isMarkedAndNotJoined() {
    assertEquals("8 flags:4 4", struct(HYPER, part(Part.FLAGS, WORD), WORD).toString());
    assertEquals("scope:opaque<9>", opaque(9, Part.SCOPE).toString());
    assertEquals("fattr4:(4 opaque<9>)", part(Part.FATTR4, WORD, opaque(9)).toString());
  }

  @Test
  void handles_ofEveryRow_fitTheWalks() {
    for (Procedure row : GoldenProcedure.rows()) {
      assertEquals(Math.min(2, row.arguments().handlesMax()), row.arguments().handlesMax());
    }
    for (Nfs4 row : Nfs4.values()) {
      assertEquals(Math.min(1, row.arguments().handlesMax()), row.arguments().handlesMax());
    }
    for (Nfs4Callback row : Nfs4Callback.values()) {
      assertEquals(Math.min(1, row.arguments().handlesMax()), row.arguments().handlesMax());
    }
  }
}
