package org.nfsproxy.backend.coordinated.nfs3;

import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure.Execution;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesystemLimits;
import org.nfsproxy.backend.coordinated.files.FilesystemSpace;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.xdr.XdrReader;

/** FSSTAT, FSINFO, PATHCONF: RFC 1813 sections 3.3.18 to 3.3.20. */
final class FilesystemProcedures {
  /** Transfers should be multiples of this: a page, and a block of most filesystems. */
  private static final int MULTIPLE_BYTES = 4096;

  /** What a client should ask READDIR for: as Linux clients do. */
  private static final int LISTING_BYTES = 32 << 10;

  private final Files files;

  FilesystemProcedures(Files files) {
    this.files = files;
  }

  Execution fsstat(UserIds caller, XdrReader in) {
    ObjectHandle object = Arguments.handle(in);
    return ResultShapes.of(
        out -> {
          FilesystemSpace space = files.space(caller, object);
          Results.postOp(out, files, object);
          out.int64(space.bytes()).int64(space.bytesFree()).int64(space.bytesAvailable());
          out.int64(space.files()).int64(space.filesFree()).int64(space.filesAvailable());
          out.int32(space.steadySeconds());
        },
        out -> Results.postOp(out, files, object));
  }

  Execution fsinfo(UserIds caller, XdrReader in) {
    ObjectHandle object = Arguments.handle(in);
    return ResultShapes.of(
        out -> {
          FilesystemLimits limits = files.limits(object);
          Results.postOp(out, files, object);
          int transfer = Nfs3Program.TRANSFER_BYTES_MAX;
          out.int32(transfer).int32(transfer).int32(MULTIPLE_BYTES); // rtmax, rtpref, rtmult
          out.int32(transfer).int32(transfer).int32(MULTIPLE_BYTES); // wtmax, wtpref, wtmult
          out.int32(LISTING_BYTES).int64(limits.fileBytesMax());
          Results.time(out, limits.timeGranularity());
          out.int32(limits.properties());
        },
        out -> Results.postOp(out, files, object));
  }

  Execution pathconf(UserIds caller, XdrReader in) {
    ObjectHandle object = Arguments.handle(in);
    return ResultShapes.of(
        out -> {
          FilesystemLimits limits = files.limits(object);
          Results.postOp(out, files, object);
          out.int32(limits.linksMax()).int32(limits.nameBytesMax());
          out.bool(limits.noTruncation()).bool(limits.chownRestricted());
          out.bool(limits.caseInsensitive()).bool(limits.casePreserving());
        },
        out -> Results.postOp(out, files, object));
  }
}
