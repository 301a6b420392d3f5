package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import java.util.Map;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs2;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** The questions about a filehandle, in the words of the version whose handle it is. */
// NFSv2 and NFSv3 number types alike where it matters (RFC 1094 section 2.3.2, RFC 1813 section
// 2.6). Their fsids differ from each other and from NFSv4's: one filesystem has as many as there
// are versions.
final class NfsQuestions {
  /** What an object is. */
  static final Map<Integer, Row<ObjectIdentity>> IDENTIFY =
      Map.of(
          2, (origin, object) -> origin.ask(getAttr2(object)),
          3, (origin, object) -> origin.ask(getAttr3(object)),
          4, (origin, object) -> origin.ask(getAttr4(object)));

  /** The directory above a directory. */
  static final Map<Integer, Row<Filehandle>> PARENT =
      Map.of(
          3, (origin, directory) -> origin.ask(lookupDotDot3(directory)),
          4, (origin, directory) -> origin.ask(lookupp4(directory)));

  /** How a version asks about a filehandle. */
  @FunctionalInterface
  interface Row<T> {
    /** Asks. */
    Future<T> ask(Questioner origin, Filehandle handle);
  }

  private NfsQuestions() {}

  private static Question<ObjectIdentity> getAttr2(Filehandle object) {
    return new Question<>(
        Programs.NFS,
        2,
        Nfs2.GETATTR.number(),
        out -> out.fixed(object.bytes()),
        in -> {
          succeed(in);
          int type = in.int32();
          in.skip(8 * 4); // mode, nlink, uid, gid, size, block size, rdev, blocks
          long fsid = in.uint32();
          return new ObjectIdentity(fsid, 0, in.uint32(), type);
        });
  }

  static Question<ObjectIdentity> getAttr3(Filehandle object) {
    return new Question<>(
        Programs.NFS,
        3,
        Nfs3.GETATTR.number(),
        out -> out.opaque(object.bytes()),
        in -> {
          succeed(in);
          return beginning3(in);
        });
  }

  private static Compound<ObjectIdentity> getAttr4(Filehandle object) {
    return new Compound<>(
        2,
        out ->
            Attributes4.ask(
                Compound.putFh(out, object).int32(Nfs4.GETATTR.number()),
                Attributes4.TYPE,
                Attributes4.FSID,
                Attributes4.FILEID),
        in -> {
          Compound.expect(in, Nfs4.PUTFH);
          Compound.expect(in, Nfs4.GETATTR);
          return identity4(in);
        });
  }

  /** Reads a fattr3, RFC 1813 section 2.6. */
  static ObjectIdentity identity3(XdrReader in) {
    ObjectIdentity identity = beginning3(in);
    in.skip(3 * 8); // atime, mtime, ctime
    return identity;
  }

  private static ObjectIdentity beginning3(XdrReader in) {
    int type = in.int32();
    in.skip(4 * 4 + 3 * 8); // mode, nlink, uid, gid; size, used, rdev
    long fsid = in.int64();
    return new ObjectIdentity(fsid, 0, in.int64(), type);
  }

  /** Reads a fattr4 that type, fsid and fileid were asked of. */
  static ObjectIdentity identity4(XdrReader in) {
    Attributes4 got = Attributes4.read(in);
    if (got.type() == 0 || !got.fsidGiven()) {
      throw new XdrException("no type or no fsid, which every server must give");
    }
    return new ObjectIdentity(got.fsidMajor(), got.fsidMinor(), got.fileid(), got.type());
  }

  private static Question<Filehandle> lookupDotDot3(Filehandle directory) {
    return new Question<>(
        Programs.NFS,
        3,
        Nfs3.LOOKUP.number(),
        out -> out.opaque(directory.bytes()).string(".."),
        in -> {
          succeed(in);
          return Filehandle.of(in.opaque(Filehandle.NFS3_BYTES_MAX));
        });
  }

  private static Compound<Filehandle> lookupp4(Filehandle directory) {
    return new Compound<>(
        3,
        out ->
            Compound.putFh(out, directory).int32(Nfs4.LOOKUPP.number()).int32(Nfs4.GETFH.number()),
        in -> {
          Compound.expect(in, Nfs4.PUTFH);
          Compound.expect(in, Nfs4.LOOKUPP);
          Compound.expect(in, Nfs4.GETFH);
          return Filehandle.of(in.opaque(Filehandle.NFS4_BYTES_MAX));
        });
  }

  static void succeed(XdrReader in) throws NfsStatusException {
    int status = in.int32();
    if (status != 0) {
      throw new NfsStatusException(status);
    }
  }
}
