package org.nfsproxy.backend.coordinated.nfs4j.operations;

import static java.util.Map.entry;

import java.io.IOException;
import java.util.Map;
import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.status.BadStateidException;
import org.dcache.nfs.status.NotSuppException;
import org.dcache.nfs.v4.AbstractNFSv4Operation;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.MDSOperationExecutor;
import org.dcache.nfs.v4.Stateids;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_opnum4;
import org.dcache.nfs.v4.xdr.nfs_resop4;
import org.dcache.oncrpc4j.rpc.OncRpcException;

/** Which operations are not left to nfs4j. */
public final class Operations extends MDSOperationExecutor {
  /** An operation of our own. */
  @FunctionalInterface
  private interface Own {
    void process(nfs_argop4 args, CompoundContext context, nfs_resop4 result) throws IOException;
  }

  private static final Map<Integer, Own> OWN =
      Map.ofEntries(
          entry(nfs_opnum4.OP_PUTFH, Operations::putfh),
          entry(nfs_opnum4.OP_GETATTR, AttributeOperations::getattr),
          entry(nfs_opnum4.OP_SETATTR, AttributeOperations::setattr),
          entry(nfs_opnum4.OP_VERIFY, AttributeOperations::verify),
          entry(nfs_opnum4.OP_NVERIFY, AttributeOperations::nverify),
          entry(nfs_opnum4.OP_READDIR, Listing::readdir),
          entry(nfs_opnum4.OP_READ, Contents::read),
          entry(nfs_opnum4.OP_WRITE, Contents::write),
          entry(nfs_opnum4.OP_READLINK, Contents::readlink),
          entry(nfs_opnum4.OP_CREATE, Creation::create),
          entry(nfs_opnum4.OP_OPEN, Opening::open),
          entry(nfs_opnum4.OP_LOOKUP, EntryOperations::lookup),
          entry(nfs_opnum4.OP_REMOVE, EntryOperations::remove),
          entry(nfs_opnum4.OP_RENAME, EntryOperations::rename),
          entry(nfs_opnum4.OP_LINK, EntryOperations::link),
          entry(nfs_opnum4.OP_LOCK, Bounded::lock),
          entry(nfs_opnum4.OP_SETCLIENTID, Bounded::setclientid),
          entry(nfs_opnum4.OP_EXCHANGE_ID, Bounded::exchangeId),
          entry(nfs_opnum4.OP_CREATE_SESSION, Bounded::createSession),
          entry(nfs_opnum4.OP_BACKCHANNEL_CTL, Operations::notSupported),
          entry(nfs_opnum4.OP_GETDEVICELIST, Operations::notSupported),
          entry(nfs_opnum4.OP_GETDEVICEINFO, Operations::notSupported),
          entry(nfs_opnum4.OP_LAYOUTGET, Operations::notSupported),
          entry(nfs_opnum4.OP_LAYOUTCOMMIT, Operations::notSupported),
          entry(nfs_opnum4.OP_LAYOUTRETURN, Operations::notSupported));

  /**
   * Without a line in the log for what a client does wrong, which would be the client's to write.
   */
  @Override
  public nfs_resop4 execute(CompoundContext context, nfs_argop4 args) throws IOException {
    nfs_resop4 result = nfs_resop4.resopFor(args.argop);
    try {
      getOperation(args).process(context, result);
    } catch (BadStateidException unknown) {
      result.setStatus(
          context.getMinorversion() == 0
              ? UnknownStateids.status(args, context)
              : unknown.getStatus());
    } catch (ChimeraNFSException refused) {
      result.setStatus(refused.getStatus());
    } catch (OncRpcException garbage) {
      result.setStatus(nfsstat.NFSERR_BADXDR);
    }
    return result;
  }

  @Override
  protected AbstractNFSv4Operation getOperation(nfs_argop4 args) {
    Own own = OWN.get(args.argop);
    if (own == null) {
      return super.getOperation(args);
    }
    return new AbstractNFSv4Operation(args, args.argop) {
      @Override
      public void process(CompoundContext context, nfs_resop4 result) throws IOException {
        own.process(args, context, result);
      }
    };
  }

  /** What is no handle of ours fails when it is used, as in NFSv3. */
  private static void putfh(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws IOException {
    context.currentInode(WireHandle.inode(args.opputfh.object.value));
    context.currentStateid(Stateids.ZeroStateId());
    result.opputfh.status = nfsstat.NFS_OK;
  }

  private static void notSupported(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws IOException {
    throw new NotSuppException();
  }
}
