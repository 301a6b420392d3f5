package org.nfsproxy.backend.coordinated.nfs4j.operations;

import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.NFSv4StateHandler;
import org.dcache.nfs.v4.xdr.LOCK4args;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_opnum4;
import org.dcache.nfs.v4.xdr.stateid4;

/** Why a stateid of minor version 0 is not known, RFC 7530 section 9.1.4.4. */
// Where there are sessions, they tell a client that the server has started again. In minor version
// 0 the stateid does, and a client reclaims what it held only if it is told STALE_STATEID; nfs4j
// calls all of them bad. A stateid has the number of its process in it.
final class UnknownStateids {
  private UnknownStateids() {}

  /** In place of BAD_STATEID. */
  static int status(nfs_argop4 args, CompoundContext context) {
    stateid4 named = named(args);
    if (named == null || isOfAClient(named, context.getStateHandler())) {
      return nfsstat.NFSERR_BAD_STATEID;
    }
    int here = context.getStateHandler().getInstanceId();
    return NFSv4StateHandler.getInstanceId(named) == here
        ? nfsstat.NFSERR_EXPIRED
        : nfsstat.NFSERR_STALE_STATEID;
  }

  private static boolean isOfAClient(stateid4 stateid, NFSv4StateHandler state) {
    try {
      state.getClientIdByStateId(stateid);
      return true;
    } catch (ChimeraNFSException none) {
      return false;
    }
  }

  private static stateid4 named(nfs_argop4 args) {
    return switch (args.argop) {
      case nfs_opnum4.OP_CLOSE -> args.opclose.open_stateid;
      case nfs_opnum4.OP_LOCK -> named(args.oplock);
      case nfs_opnum4.OP_LOCKU -> args.oplocku.lock_stateid;
      case nfs_opnum4.OP_OPEN_CONFIRM -> args.opopen_confirm.open_stateid;
      case nfs_opnum4.OP_OPEN_DOWNGRADE -> args.opopen_downgrade.open_stateid;
      case nfs_opnum4.OP_READ -> args.opread.stateid;
      case nfs_opnum4.OP_SETATTR -> args.opsetattr.stateid;
      case nfs_opnum4.OP_WRITE -> args.opwrite.stateid;
      default -> null;
    };
  }

  private static stateid4 named(LOCK4args lock) {
    return lock.locker.new_lock_owner
        ? lock.locker.open_owner.open_stateid
        : lock.locker.lock_owner.lock_stateid;
  }
}
