package org.nfsproxy.backend.coordinated.nfs4j.operations;

import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.status.DelayException;
import org.dcache.nfs.status.GraceException;
import org.dcache.nfs.status.NoGraceException;
import org.dcache.nfs.status.NoSpcException;
import org.dcache.nfs.status.ResourceException;
import org.dcache.nfs.status.StaleClientidException;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.NFS4Client;
import org.dcache.nfs.v4.NFSv4StateHandler;
import org.dcache.nfs.v4.OperationCREATE_SESSION;
import org.dcache.nfs.v4.OperationEXCHANGE_ID;
import org.dcache.nfs.v4.OperationLOCK;
import org.dcache.nfs.v4.OperationLOCKT;
import org.dcache.nfs.v4.OperationSETCLIENTID;
import org.dcache.nfs.v4.Stateids;
import org.dcache.nfs.v4.xdr.CREATE_SESSION4args;
import org.dcache.nfs.v4.xdr.LOCK4args;
import org.dcache.nfs.v4.xdr.LOCKT4args;
import org.dcache.nfs.v4.xdr.channel_attrs4;
import org.dcache.nfs.v4.xdr.count4;
import org.dcache.nfs.v4.xdr.lock_owner4;
import org.dcache.nfs.v4.xdr.nfs4_prot;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_client_id4;
import org.dcache.nfs.v4.xdr.nfs_opnum4;
import org.dcache.nfs.v4.xdr.nfs_resop4;
import org.dcache.nfs.v4.xdr.seqid4;
import org.dcache.nfs.v4.xdr.stateid4;
import org.nfsproxy.backend.coordinated.nfs3.Nfs3Program;

/** Operations that are nfs4j's, within bounds and with care that it does not have. */
public final class Bounded {
  /** The longest reply that is kept for a retry: a COMPOUND that changes a name is far shorter. */
  public static final int KEPT_BYTES_MAX = 1 << 16;

  /** A WRITE or READ of the largest transfer, and what is around it. */
  static final int RECORD_BYTES_MAX = Nfs3Program.TRANSFER_BYTES_MAX + (1 << 16);

  /** As many as the proxy has connections for by default (limits.connectionsMax). */
  static final int CLIENTS_MAX = 4096;

  /** A Linux client has one; others one for each of their mounts. */
  static final int SESSIONS_MAX = 64;

  private Bounded() {}

  static void setclientid(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws IOException {
    nfs_client_id4 asking = args.opsetclientid.client;
    if (isFull(context.getStateHandler(), asking.id)) {
      throw new ResourceException("too many clients");
    }
    endBefore(asking, context);
    new OperationSETCLIENTID(args).process(context, result);
  }

  // Each process is a server of its own, since it shares no state with another one: nobody may take
  // two of them for one (RFC 8881 section 2.10.5), as nfs4j's constant name would let them. The
  // scope is one, so that a client reclaims after a restart.
  static void exchangeId(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws IOException {
    if (isFull(context.getStateHandler(), args.opexchange_id.eia_clientowner.co_ownerid)) {
      throw new DelayException("too many clients");
    }
    new OperationEXCHANGE_ID(args).process(context, result);
    result.opexchange_id.eir_resok4.eir_server_owner.so_major_id =
        ByteBufUtil.hexDump(context.getRebootVerifier().value).getBytes(StandardCharsets.US_ASCII);
  }

  // A client that has started again lets go of what it held before (RFC 7530 section 16.33.5);
  // nfs4j would let it hold that for as long as it renews its lease.
  private static void endBefore(nfs_client_id4 asking, CompoundContext context) {
    NFS4Client before = context.getStateHandler().clientByOwner(asking.id);
    if (before != null
        && before.principal().equals(context.getPrincipal())
        && !before.verifierEquals(asking.verifier)) {
      context.getStateHandler().removeClient(before);
    }
  }

  private static boolean isFull(NFSv4StateHandler state, byte[] owner) {
    return state.getClients().size() >= CLIENTS_MAX && state.clientByOwner(owner) == null;
  }

  // Without a back channel there are no delegations: nobody would recall them for a write that
  // comes by NFSv3, by another instance, or from the machine itself.
  static void createSession(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws IOException {
    CREATE_SESSION4args asked = args.opcreate_session;
    var client = context.getStateHandler().getValidClient(asked.csa_clientid);
    if (client.sessions().size() >= SESSIONS_MAX) {
      throw new NoSpcException("too many sessions");
    }
    asked.csa_flags.value &= ~nfs4_prot.CREATE_SESSION4_FLAG_CONN_BACK_CHAN;
    asked.csa_flags.value &= ~nfs4_prot.CREATE_SESSION4_FLAG_PERSIST;
    channel_attrs4 fore = asked.csa_fore_chan_attrs;
    bound(fore.ca_maxrequestsize, RECORD_BYTES_MAX);
    bound(fore.ca_maxresponsesize, RECORD_BYTES_MAX);
    bound(fore.ca_maxresponsesize_cached, KEPT_BYTES_MAX);
    new OperationCREATE_SESSION(args).process(context, result);
  }

  private static void bound(count4 count, int max) {
    count.value = (int) Math.min(Integer.toUnsignedLong(count.value), max);
  }

  static void lock(nfs_argop4 args, CompoundContext context, nfs_resop4 result) throws IOException {
    boolean grace = context.getStateHandler().isGracePeriod();
    if (context.getMinorversion() == 0 && args.oplock.reclaim != grace) {
      count(args.oplock, context);
    }
    if (args.oplock.reclaim && !grace) {
      throw new NoGraceException("the time to reclaim is over");
    }
    if (!args.oplock.reclaim && grace) {
      throw new GraceException();
    }
    if (context.getMinorversion() > 0 && args.oplock.locker.new_lock_owner) {
      test(args.oplock, context, result);
      if (result.oplock.status == nfsstat.NFSERR_DENIED) {
        return;
      }
    }
    try {
      new OperationLOCK(args).process(context, result);
    } finally {
      boolean introduced = context.getMinorversion() == 0 && args.oplock.locker.new_lock_owner;
      if (introduced && result.oplock.status != nfsstat.NFS_OK) {
        forget(args.oplock.locker.open_owner.lock_owner, context);
      }
    }
  }

  /** A refusal counts in the owner's sequence, RFC 7530 section 9.1.7. */
  private static void count(LOCK4args lock, CompoundContext context) throws ChimeraNFSException {
    boolean introduces = lock.locker.new_lock_owner;
    stateid4 named =
        introduces ? lock.locker.open_owner.open_stateid : lock.locker.lock_owner.lock_stateid;
    seqid4 seqid =
        introduces ? lock.locker.open_owner.open_seqid : lock.locker.lock_owner.lock_seqid;
    NFS4Client client = context.getStateHandler().getClientIdByStateId(named);
    client.state(named).getStateOwner().acceptAsNextSequence(seqid);
  }

  // nfs4j makes a state for a new owner before it looks whether the lock can be had, and keeps it:
  // a client that waits for a lock asks again and again.
  private static void test(LOCK4args lock, CompoundContext context, nfs_resop4 result)
      throws IOException {
    stateid4 open =
        Stateids.getCurrentStateidIfNeeded(context, lock.locker.open_owner.open_stateid);
    context.getSession().getClient().state(open);
    LOCKT4args asked = new LOCKT4args();
    asked.locktype = lock.locktype;
    asked.offset = lock.offset;
    asked.length = lock.length;
    asked.owner = lock.locker.open_owner.lock_owner;
    nfs_argop4 test = new nfs_argop4();
    test.argop = nfs_opnum4.OP_LOCKT;
    test.oplockt = asked;
    nfs_resop4 tested = nfs_resop4.resopFor(nfs_opnum4.OP_LOCKT);
    new OperationLOCKT(test).process(context, tested);
    result.oplock.status = tested.oplockt.status;
    result.oplock.denied = tested.oplockt.denied;
  }

  // A client whose first lock was refused begins anew, with any seqid (RFC 7530 section 9.1.7);
  // nfs4j would go on counting, and the client's next lock would fail with BAD_SEQID.
  private static void forget(lock_owner4 owner, CompoundContext context) throws IOException {
    try {
      context.getStateHandler().getConfirmedClient(owner.clientid).releaseOwner(owner.owner);
    } catch (StaleClientidException unknown) {
      // there was nothing to forget
    }
  }
}
