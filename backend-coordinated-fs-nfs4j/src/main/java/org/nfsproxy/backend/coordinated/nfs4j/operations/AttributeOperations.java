package org.nfsproxy.backend.coordinated.nfs4j.operations;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.status.AttrNotSuppException;
import org.dcache.nfs.status.InvalException;
import org.dcache.nfs.status.OpenModeException;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.NFS4Client;
import org.dcache.nfs.v4.NFS4State;
import org.dcache.nfs.v4.Stateids;
import org.dcache.nfs.v4.xdr.GETATTR4resok;
import org.dcache.nfs.v4.xdr.SETATTR4args;
import org.dcache.nfs.v4.xdr.fattr4;
import org.dcache.nfs.v4.xdr.nfs4_prot;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_resop4;
import org.dcache.nfs.v4.xdr.stateid4;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.nfs.table.Attribute4;

/** GETATTR, SETATTR, VERIFY and NVERIFY: RFC 8881 sections 18.7, 18.30, 18.31 and 18.15. */
final class AttributeOperations {
  private AttributeOperations() {}

  static void getattr(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    GETATTR4resok resok = new GETATTR4resok();
    resok.obj_attributes = AttributeValues.ofCurrent(context).asked(args.opgetattr.attr_request);
    result.opgetattr.resok4 = resok;
    result.opgetattr.status = nfsstat.NFS_OK;
  }

  static void setattr(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    CallerFiles view = (CallerFiles) context.getFs();
    SETATTR4args wanted = args.opsetattr;
    AttributeChange change = AttributeChanges.of(wanted.obj_attributes, context.getMinorversion());
    if (change.size().isPresent() && !Stateids.isStateLess(wanted.stateid)) {
      needOpenForWriting(context, wanted.stateid);
    }
    var object = WireHandle.read(context.currentInode());
    Answers.of(
        () -> view.files.change(view.caller, object, change, Optional.empty(), new WccData()));
    result.opsetattr.attrsset = wanted.obj_attributes.attrmask;
    result.opsetattr.status = nfsstat.NFS_OK;
  }

  private static void needOpenForWriting(CompoundContext context, stateid4 named)
      throws ChimeraNFSException {
    stateid4 stateid = Stateids.getCurrentStateidIfNeeded(context, named);
    NFS4Client client =
        context.getMinorversion() > 0
            ? context.getSession().getClient()
            : context.getStateHandler().getClientIdByStateId(stateid);
    NFS4State state = client.state(stateid);
    int access =
        context
            .getStateHandler()
            .getFileTracker()
            .getShareAccess(client, context.currentInode(), state.getOpenState().stateid());
    if ((access & nfs4_prot.OPEN4_SHARE_ACCESS_WRITE) == 0) {
      throw new OpenModeException("not open for writing");
    }
  }

  static void verify(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    boolean same = isSame(args.opverify.obj_attributes, context);
    result.opverify.status = same ? nfsstat.NFS_OK : nfsstat.NFSERR_NOT_SAME;
  }

  static void nverify(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    boolean same = isSame(args.opnverify.obj_attributes, context);
    result.opnverify.status = same ? nfsstat.NFSERR_SAME : nfsstat.NFS_OK;
  }

  private static boolean isSame(fattr4 given, CompoundContext context) throws ChimeraNFSException {
    if (AttributeSet.isSet(given.attrmask, Attribute4.RDATTR_ERROR)) {
      throw new InvalException("RDATTR_ERROR is READDIR's");
    }
    Set<Attribute4> known =
        AttributeSet.of(given.attrmask, AttributeSet.supported(context.getMinorversion()));
    if (known.size() != AttributeSet.count(given.attrmask)) {
      throw new AttrNotSuppException("an attribute is not supported");
    }
    fattr4 current = AttributeValues.ofCurrent(context).asked(given.attrmask);
    return Arrays.equals(given.attr_vals.value, current.attr_vals.value);
  }
}
