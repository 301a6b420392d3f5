package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

class OperationRowsTest {
  private static String words(int row) {
    OperationRows.Row words = OperationRows.words(row);
    return words.program() + " " + words.version() + " " + words.operation();
  }

  @Test
  void rows_haveEachTheirOwnWords_andFitIntoAPair() {
    Set<String> all = new HashSet<>();
    for (int row = 0; row < OperationRows.count(); row++) {
      assertTrue(all.add(words(row)), words(row));
    }
    assertTrue(OperationRows.count() <= 1 << CallPairs.ROW_BITS);
  }

  @ParameterizedTest
  @CsvSource({
    "100003, 3, 1, nfs 3 GETATTR",
    "100003, 2, 4, nfs 2 LOOKUP",
    "100003, 4, 1, nfs 4 COMPOUND",
    "100005, 3, 1, mount 3 MNT",
    "100005, 1, 5, mount 1 EXPORT",
    "100021, 4, 2, nlm 4 LOCK",
    "100227, 3, 1, nfs_acl 3 GETACL",
    "100003, 3, 22, other other other",
    "100003, 3, -1, other other other",
    "100003, 3, 2147483647, other other other",
    "100003, 5, 1, other other other",
    "100003, -1, 1, other other other",
    "100005, 4, 1, other other other",
    "100021, 3, 2, other other other",
    "7, 3, 1, other other other"
  })
  void procedure_hasItsWords_andWhatNobodyKnowsIsOther(
      int program, int version, int procedure, String words) {
    assertEquals(words, words(OperationRows.of(program, version, procedure)));
  }

  private static CallSummary compound(int minor, int count, Consumer<XdrWriter> operations) {
    byte[] arguments = Wire.xdr(out -> operations.accept(out.string("").int32(minor).int32(count)));
    CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();
    Outcome outcome = walk.walk(Unpooled.wrappedBuffer(arguments), 0, arguments.length, 2000);
    CallSummary summary = new CallSummary();
    summary.begin(0, arguments.length);
    summary.judge(OperationRows.of(Programs.NFS, 4, 1), false);
    OperationRows.compound(summary, walk, outcome == Outcome.UNKNOWN_OPERATION);
    return summary;
  }

  private static void sequence(XdrWriter out) {
    out.int32(53).fixed(new byte[16]).int32(9).int32(0).int32(0).int32(0);
  }

  private static void putfh(XdrWriter out) {
    out.int32(22).opaque(new byte[8]);
  }

  @Test
  void compound_isAboutWhatChanges_elseAboutWhatReads_elseAboutItsLastOperation() {
    Consumer<XdrWriter> put = out -> putfh(out);
    Consumer<XdrWriter> inSession = OperationRowsTest::sequence;
    Consumer<XdrWriter> getattr = out -> out.int32(9).int32(0);
    Consumer<XdrWriter> lookup = out -> out.int32(15).string("a");
    Consumer<XdrWriter> remove = out -> out.int32(28).string("a");
    assertEquals("nfs 4.1 SEQUENCE", words(compound(1, 1, inSession).row()), "a lease is renewed");
    assertEquals("nfs 4.1 PUTFH", words(compound(1, 2, inSession.andThen(put)).row()));
    assertEquals(
        "nfs 4.1 GETATTR", words(compound(1, 3, inSession.andThen(put).andThen(getattr)).row()));
    assertEquals(
        "nfs 4.0 LOOKUP",
        words(compound(0, 4, put.andThen(getattr).andThen(lookup).andThen(getattr)).row()));
    assertEquals(
        "nfs 4.2 REMOVE",
        words(compound(2, 4, inSession.andThen(put).andThen(lookup).andThen(remove)).row()));
  }

  @Test
  void compound_withANumberOfNoRow_isIllegalThere() {
    CallSummary summary =
        compound(
            1,
            3,
            out -> {
              sequence(out);
              putfh(out);
              out.int32(4711);
            });
    assertEquals(3, summary.operations());
    assertEquals("nfs 4.1 ILLEGAL", words(summary.rowOf(2)));
  }

  @Test
  void compound_ofAThousandOperations_keepsWhatIsCounted() {
    CallSummary summary =
        compound(
            0,
            1000,
            out -> {
              for (int i = 0; i < 1000; i++) {
                putfh(out);
              }
            });
    assertEquals(CallSummary.OPERATIONS_MAX, summary.operations());
    assertEquals("nfs 4.0 PUTFH", words(summary.row()));
  }
}
