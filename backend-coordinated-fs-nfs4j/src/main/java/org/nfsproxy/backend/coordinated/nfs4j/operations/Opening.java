package org.nfsproxy.backend.coordinated.nfs4j.operations;

import java.io.IOException;
import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.status.GraceException;
import org.dcache.nfs.status.InvalException;
import org.dcache.nfs.status.NotSuppException;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.NFS4Client;
import org.dcache.nfs.v4.OperationOPEN;
import org.dcache.nfs.v4.xdr.OPEN4args;
import org.dcache.nfs.v4.xdr.OPEN4resok;
import org.dcache.nfs.v4.xdr.nfs4_prot;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_resop4;
import org.dcache.nfs.v4.xdr.open_claim_type4;
import org.dcache.nfs.v4.xdr.opentype4;
import org.dcache.nfs.vfs.Inode;

/** OPEN, RFC 8881 section 18.16: who may open now, by what the open claims to be. */
// In minor version 0 a refused OPEN counts in its owner's sequence (RFC 7530 section 9.1.7), also
// one that nfs4j has not seen. nfs4j lets CLAIM_FH through while others reclaim, never lets a
// client of minor version 0 reclaim, and writes a line in the log for each claim of a delegation.
final class Opening {
  private Opening() {}

  static void open(nfs_argop4 args, CompoundContext context, nfs_resop4 result) throws IOException {
    if (context.getMinorversion() > 0) {
      openAsClaimed(args, context, result);
      return;
    }
    // Told GRACE, a client that does not know of the restart would wait instead of reclaiming.
    OPEN4args asked = args.opopen;
    NFS4Client client = context.getStateHandler().getConfirmedClient(asked.owner.clientid);
    try {
      openAsClaimed(args, context, result);
    } catch (ChimeraNFSException refused) {
      boolean isCounted = result.opopen.resok4 != null; // nfs4j makes it behind counting
      if (!isCounted) {
        client.getOrCreateOwner(asked.owner.owner, asked.seqid);
      }
      throw refused;
    }
  }

  private static void openAsClaimed(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws IOException {
    OPEN4args asked = args.opopen;
    switch (asked.claim.claim) {
      case open_claim_type4.CLAIM_NULL -> {
        mustNotDisturbReclaims(context);
        if (asked.openhow.opentype == opentype4.OPEN4_CREATE) {
          Creation.open(args, context, result);
        } else {
          existing(args, context, result);
        }
      }
      case open_claim_type4.CLAIM_FH -> {
        if (context.getMinorversion() == 0) {
          throw new InvalException("CLAIM_FH in minor version 0");
        }
        mustNotDisturbReclaims(context);
        new OperationOPEN(args).process(context, result);
      }
      case open_claim_type4.CLAIM_PREVIOUS -> reclaim(args, context, result);
      default -> throw new NotSuppException("a delegation, where none is given");
    }
  }

  /** An OPEN by a name that is there. The name is looked up here, see {@link EntryOperations}. */
  static void existing(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws IOException {
    CallerFiles view = (CallerFiles) context.getFs();
    Inode in = context.currentInode();
    EntryOperations.enter(EntryOperations.checked(args.opopen.claim.file.value), context);
    args.opopen.claim.claim = open_claim_type4.CLAIM_FH;
    new OperationOPEN(args).process(context, result);
    long change = view.change(in);
    result.opopen.resok4.cinfo = EntryOperations.changed(change, change);
  }

  /** RFC 8881 section 8.4.2.1: nothing new before all could reclaim, this client included. */
  private static void mustNotDisturbReclaims(CompoundContext context) throws ChimeraNFSException {
    boolean mayReclaim =
        context.getMinorversion() > 0 && context.getSession().getClient().needReclaim();
    if (mayReclaim || context.getStateHandler().isGracePeriod()) {
      throw new GraceException();
    }
  }

  // Whether the caller may read or write is asked by each READ and WRITE. Asked here, a file that
  // was made with mode 0444 and is being written could not be reclaimed.
  private static void reclaim(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws IOException {
    ((CallerFiles) context.getFs()).held(context.currentInode());
    if (context.getMinorversion() > 0) {
      new OperationOPEN(args).process(context, result);
      return;
    }
    NFS4Client client = context.getStateHandler().getConfirmedClient(args.opopen.owner.clientid);
    context.getStateHandler().wantReclaim(client.getOwnerId());
    args.opopen.claim.claim = open_claim_type4.CLAIM_FH;
    new OperationOPEN(args).process(context, result);
    // Not to be confirmed, RFC 7530 section 9.1.11: Linux would do so with an empty filehandle.
    OPEN4resok resok = result.opopen.resok4;
    client.state(resok.stateid).confirm();
    resok.rflags.value &= ~nfs4_prot.OPEN4_RESULT_CONFIRM;
  }
}
