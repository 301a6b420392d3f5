package org.nfsproxy.backend.coordinated.nfs4j.operations;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.OperationREAD;
import org.dcache.nfs.v4.OperationWRITE;
import org.dcache.nfs.v4.Stateids;
import org.dcache.nfs.v4.xdr.READ4args;
import org.dcache.nfs.v4.xdr.READ4resok;
import org.dcache.nfs.v4.xdr.READLINK4resok;
import org.dcache.nfs.v4.xdr.WRITE4args;
import org.dcache.nfs.v4.xdr.WRITE4resok;
import org.dcache.nfs.v4.xdr.count4;
import org.dcache.nfs.v4.xdr.linktext4;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_resop4;
import org.dcache.nfs.v4.xdr.utf8str_cs;
import org.dcache.nfs.vfs.VirtualFileSystem.StabilityLevel;
import org.dcache.nfs.vfs.VirtualFileSystem.WriteResult;
import org.nfsproxy.backend.coordinated.files.Files.ReadEnd;
import org.nfsproxy.backend.coordinated.nfs3.Nfs3Program;

/** READ, WRITE and READLINK: RFC 8881 sections 18.22, 18.32 and 18.24. */
// nfs4j checks the stateid of an open file. The anonymous ones (section 8.2.3), which it does not
// know, need no check but the files' own. A READ is bounded before memory is taken for it.
final class Contents {
  private Contents() {}

  static void read(nfs_argop4 args, CompoundContext context, nfs_resop4 result) throws IOException {
    READ4args asked = args.opread;
    asked.count.value =
        (int) Math.min(Integer.toUnsignedLong(asked.count.value), Nfs3Program.TRANSFER_BYTES_MAX);
    if (!Stateids.isStateLess(asked.stateid)) {
      new OperationREAD(args).process(context, result);
      return;
    }
    CallerFiles view = (CallerFiles) context.getFs();
    var file = WireHandle.read(context.currentInode());
    ByteBuf bytes = Unpooled.buffer(asked.count.value, asked.count.value);
    ReadEnd end =
        Answers.of(
            () -> view.files.read(view.caller, file, asked.offset.value, asked.count.value, bytes));
    READ4resok resok = new READ4resok();
    resok.data = ByteBuffer.wrap(bytes.array(), 0, bytes.readableBytes());
    resok.eof = end.end();
    result.opread.resok4 = resok;
    result.opread.status = nfsstat.NFS_OK;
  }

  static void write(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws IOException {
    WRITE4args asked = args.opwrite;
    if (!Stateids.isStateLess(asked.stateid)) {
      new OperationWRITE(args).process(context, result);
      return;
    }
    WriteResult written =
        context
            .getFs()
            .write(
                context.currentInode(),
                asked.data,
                asked.offset.value,
                StabilityLevel.fromStableHow(asked.stable));
    WRITE4resok resok = new WRITE4resok();
    resok.count = new count4(written.getBytesWritten());
    resok.committed = written.getStabilityLevel().toStableHow();
    resok.writeverf = context.getRebootVerifier();
    result.opwrite.resok4 = resok;
    result.opwrite.status = nfsstat.NFS_OK;
  }

  static void readlink(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    CallerFiles view = (CallerFiles) context.getFs();
    var symlink = WireHandle.read(context.currentInode());
    utf8str_cs target = new utf8str_cs();
    target.value = Answers.of(() -> view.files.readlink(view.caller, symlink));
    READLINK4resok resok = new READLINK4resok();
    resok.link = new linktext4(target);
    result.opreadlink.resok4 = resok;
    result.opreadlink.status = nfsstat.NFS_OK;
  }
}
