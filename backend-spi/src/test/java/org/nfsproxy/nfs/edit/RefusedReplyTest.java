package org.nfsproxy.nfs.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.CompoundBuilder;
import org.nfsproxy.nfs.Records;
import org.nfsproxy.nfs.ResultBuilder;
import org.nfsproxy.nfs.XdrBytes;
import org.nfsproxy.nfs.table.Mount1;
import org.nfsproxy.nfs.table.Mount2;
import org.nfsproxy.nfs.table.Mount3;
import org.nfsproxy.nfs.table.Nfs2;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Nfs4Procedure;
import org.nfsproxy.nfs.table.NfsAcl2;
import org.nfsproxy.nfs.table.NfsAcl3;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.CompoundWalk;

class RefusedReplyTest {
  private static final PooledByteBufAllocator ALLOC = PooledByteBufAllocator.DEFAULT;

  /** Words behind the status, as the RFCs' failure arms have them with all items absent. */
  private static final Map<Procedure, Integer> ABSENT =
      Map.ofEntries(
          Map.entry(Nfs2.WRITE, 0),
          Map.entry(Nfs2.LOOKUP, 0),
          Map.entry(Nfs3.GETATTR, 0),
          Map.entry(Nfs3.LOOKUP, 1),
          Map.entry(Nfs3.READDIRPLUS, 1),
          Map.entry(Nfs3.WRITE, 2),
          Map.entry(Nfs3.REMOVE, 2),
          Map.entry(Nfs3.LINK, 3),
          Map.entry(Nfs3.RENAME, 4),
          Map.entry(Mount3.MNT, 0),
          Map.entry(Mount1.MNT, 0),
          Map.entry(Mount2.MNT, 0),
          Map.entry(NfsAcl2.SETACL, 0),
          Map.entry(NfsAcl3.SETACL, 1),
          Map.entry(NfsAcl3.GETACL, 1));

  @Test
  void procedure_refused_hasItsFailureBody() {
    ABSENT.forEach(
        (procedure, words) -> {
          byte[] results = new XdrBytes<>().word(13).words(new int[words]).bytes();
          ByteBuf reply = RefusedReply.procedure(ALLOC, Records.XID, procedure, 13);
          Records.assertRecord(Records.reply(0, results), reply, reply);
        });
  }

  @Test
  void pathconfOfMount_refused_saysNothing() {
    ByteBuf reply = RefusedReply.procedure(ALLOC, Records.XID, Mount2.PATHCONF, 13);
    Records.assertRecord(Records.reply(0, new byte[40]), reply, reply);
  }

  @Test
  void procedure_thatCannotFailSo_isAMistake() {
    for (Procedure procedure :
        new Procedure[] {Nfs3.NULL, Mount3.EXPORT, Nlm4.LOCK, Nfs4Procedure.COMPOUND}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> RefusedReply.procedure(ALLOC, Records.XID, procedure, 13));
    }
  }

  @Test
  void compound_refusedAtItsFirst_repeatsTheTag() {
    for (String tag : new String[] {"", "t", "tag", "four", "a longer one"}) {
      ByteBuf call = Records.record(CompoundBuilder.compound(tag, 0).putrootfh().bytes());
      CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();
      walk.walk(call, call.readerIndex() + 4, call.writerIndex(), 64);
      ByteBuf reply = RefusedReply.compound(ALLOC, Records.XID, call, walk, Nfs4.PUTROOTFH, 13);
      byte[] results = ResultBuilder.compound(tag).result(24, 13).bytes();
      Records.assertRecord(Records.reply(0, results), reply, reply);
      assertEquals(1, call.refCnt());
      call.release();
    }
  }

  @Test
  void compound_unknownOperation_isAnsweredAsIllegal() {
    ByteBuf call = Records.record(CompoundBuilder.compound(0).op(77).bytes());
    CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();
    walk.walk(call, call.readerIndex() + 4, call.writerIndex(), 64);
    ByteBuf reply =
        RefusedReply.compound(ALLOC, Records.XID, call, walk, Nfs4.ILLEGAL, NfsStatus.OP_ILLEGAL);
    byte[] results = ResultBuilder.compound("").result(10044, 10044).bytes();
    Records.assertRecord(Records.reply(0, results), reply, reply);
    call.release();
  }
}
