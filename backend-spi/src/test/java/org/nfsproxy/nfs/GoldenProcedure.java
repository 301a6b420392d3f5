package org.nfsproxy.nfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nfsproxy.nfs.table.Mount1;
import org.nfsproxy.nfs.table.Mount2;
import org.nfsproxy.nfs.table.Mount3;
import org.nfsproxy.nfs.table.Nfs2;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4CallbackProcedure;
import org.nfsproxy.nfs.table.Nfs4Procedure;
import org.nfsproxy.nfs.table.NfsAcl2;
import org.nfsproxy.nfs.table.NfsAcl3;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.nfs.table.Portmap2;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.Rpcbind3;
import org.nfsproxy.nfs.table.Rpcbind4;

/**
 * A procedure's arguments as its RFC has them on the wire, and what a walk must see in them.
 *
 * @param row the row it is
 * @param handles the filehandles, in the order of the bytes
 * @param names the names, likewise
 * @param arguments what the whole comes to
 */
public record GoldenProcedure(
    Procedure row, List<byte[]> handles, List<String> names, byte[] arguments) {

  private static final byte[] V2 = "32 bytes, every handle of NFSv2.".getBytes(UTF_8);
  private static final byte[] A = "28 bytes, as ext4 has them..".getBytes(UTF_8);
  private static final byte[] B = "64 bytes, as long as NFSv3 goes ".repeat(2).getBytes(UTF_8);

  /** Writes arguments and remembers the handles and names in them. */
  public static final class Arguments extends XdrBytes<Arguments> {
    private final List<byte[]> handles = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    public Arguments handle2() {
      handles.add(V2);
      return raw(V2);
    }

    public Arguments handle(byte[] handle) {
      handles.add(handle);
      return opaque(handle);
    }

    Arguments name(String name) {
      names.add(name);
      return text(name);
    }

    /** sattr2: mode, uid, gid, size, atime, mtime. */
    Arguments sattr2() {
      return words(0644, 0, 0, -1).words(1, 2).words(3, 4);
    }

    /** sattr3 with all set, or none. */
    public Arguments sattr3(boolean all) {
      return all
          ? words(1, 0644).words(1, 0).words(1, 0).word(1).hyper(4096).word(2).words(5, 6).word(1)
          : words(0, 0, 0, 0, 0, 0);
    }

    Arguments nlmLock() {
      return text("client.example.org").handle(A).opaque(9, 0x0e).word(7).hyper(0).hyper(100);
    }

    Arguments acl(int entries) {
      word(entries).word(entries);
      for (int i = 0; i < entries; i++) {
        words(1, -1, 6);
      }
      return this;
    }

    Arguments rpcb() {
      return words(100003, 4).text("tcp").text("").text("superuser");
    }
  }

  public static final List<GoldenProcedure> ALL =
      List.of(
          golden(Nfs2.NULL, a -> a),
          golden(Nfs2.GETATTR, a -> a.handle2()),
          golden(Nfs2.SETATTR, a -> a.handle2().sattr2()),
          golden(Nfs2.ROOT, a -> a),
          golden(Nfs2.LOOKUP, a -> a.handle2().name("etc")),
          golden(Nfs2.READLINK, a -> a.handle2()),
          golden(Nfs2.READ, a -> a.handle2().words(0, 8192, 0)),
          golden(Nfs2.WRITECACHE, a -> a),
          golden(Nfs2.WRITE, a -> a.handle2().words(0, 0, 0).opaque(5, 0xda)),
          golden(Nfs2.CREATE, a -> a.handle2().name("f").sattr2()),
          golden(Nfs2.REMOVE, a -> a.handle2().name("f")),
          golden(Nfs2.RENAME, a -> a.handle2().name("f").handle2().name("longer")),
          golden(Nfs2.LINK, a -> a.handle2().handle2().name("second")),
          golden(Nfs2.SYMLINK, a -> a.handle2().name("l").text("../target").sattr2()),
          golden(Nfs2.MKDIR, a -> a.handle2().name("d").sattr2()),
          golden(Nfs2.RMDIR, a -> a.handle2().name("d")),
          golden(Nfs2.READDIR, a -> a.handle2().fixed(4, 0).word(4096)),
          golden(Nfs2.STATFS, a -> a.handle2()),
          golden(Nfs3.NULL, a -> a),
          golden(Nfs3.GETATTR, a -> a.handle(A)),
          golden(Nfs3.SETATTR, a -> a.handle(A).sattr3(true).words(1, 5, 6)),
          golden(Nfs3.SETATTR, a -> a.handle(B).sattr3(false).word(0)),
          golden(Nfs3.LOOKUP, a -> a.handle(A).name("etc")),
          golden(Nfs3.LOOKUP, a -> a.handle(B).name("..")),
          golden(Nfs3.ACCESS, a -> a.handle(A).word(0x3f)),
          golden(Nfs3.READLINK, a -> a.handle(A)),
          golden(Nfs3.READ, a -> a.handle(A).hyper(0).word(65536)),
          golden(Nfs3.WRITE, a -> a.handle(A).hyper(0).words(5, 2).opaque(5, 0xda)),
          golden(Nfs3.CREATE, a -> a.handle(A).name("f").word(0).sattr3(true)),
          golden(Nfs3.CREATE, a -> a.handle(A).name("f").word(1).sattr3(false)),
          golden(Nfs3.CREATE, a -> a.handle(A).name("f").word(2).fixed(8, 0xee)),
          golden(Nfs3.MKDIR, a -> a.handle(A).name("d").sattr3(true)),
          golden(Nfs3.SYMLINK, a -> a.handle(A).name("l").sattr3(false).text("../target")),
          golden(Nfs3.MKNOD, a -> a.handle(A).name("b").word(3).sattr3(false).words(8, 1)),
          golden(Nfs3.MKNOD, a -> a.handle(A).name("c").word(4).sattr3(true).words(8, 1)),
          golden(Nfs3.MKNOD, a -> a.handle(A).name("s").word(6).sattr3(true)),
          golden(Nfs3.MKNOD, a -> a.handle(A).name("p").word(7).sattr3(false)),
          golden(Nfs3.MKNOD, a -> a.handle(A).name("bad type").word(1)),
          golden(Nfs3.REMOVE, a -> a.handle(A).name("f")),
          golden(Nfs3.RMDIR, a -> a.handle(A).name("d")),
          golden(Nfs3.RENAME, a -> a.handle(A).name("f").handle(B).name("longer")),
          golden(Nfs3.LINK, a -> a.handle(A).handle(B).name("second")),
          golden(Nfs3.READDIR, a -> a.handle(A).hyper(0).fixed(8, 0).word(4096)),
          golden(Nfs3.READDIRPLUS, a -> a.handle(A).hyper(0).fixed(8, 0).words(512, 4096)),
          golden(Nfs3.FSSTAT, a -> a.handle(A)),
          golden(Nfs3.FSINFO, a -> a.handle(A)),
          golden(Nfs3.PATHCONF, a -> a.handle(A)),
          golden(Nfs3.COMMIT, a -> a.handle(A).hyper(0).word(0)),
          golden(Nfs4Procedure.NULL, a -> a),
          golden(Nfs4CallbackProcedure.CB_NULL, a -> a),
          golden(Mount1.NULL, a -> a),
          golden(Mount1.MNT, a -> a.name("/export")),
          golden(Mount1.DUMP, a -> a),
          golden(Mount1.UMNT, a -> a.name("/export")),
          golden(Mount1.UMNTALL, a -> a),
          golden(Mount1.EXPORT, a -> a),
          golden(Mount1.EXPORTALL, a -> a),
          golden(Mount2.NULL, a -> a),
          golden(Mount2.MNT, a -> a.name("/export")),
          golden(Mount2.DUMP, a -> a),
          golden(Mount2.UMNT, a -> a.name("/export")),
          golden(Mount2.UMNTALL, a -> a),
          golden(Mount2.EXPORT, a -> a),
          golden(Mount2.EXPORTALL, a -> a),
          golden(Mount2.PATHCONF, a -> a.name("/export")),
          golden(Mount3.NULL, a -> a),
          golden(Mount3.MNT, a -> a.name("/export/xfs")),
          golden(Mount3.DUMP, a -> a),
          golden(Mount3.UMNT, a -> a.name("/export/xfs")),
          golden(Mount3.UMNTALL, a -> a),
          golden(Mount3.EXPORT, a -> a),
          golden(NfsAcl2.NULL, a -> a),
          golden(NfsAcl2.GETACL, a -> a.handle2().word(0xf)),
          golden(NfsAcl2.SETACL, a -> a.handle2().word(0xf).acl(3).acl(0)),
          golden(NfsAcl2.GETATTR, a -> a.handle2()),
          golden(NfsAcl2.ACCESS, a -> a.handle2().word(0x3f)),
          golden(NfsAcl3.NULL, a -> a),
          golden(NfsAcl3.GETACL, a -> a.handle(A).word(0xf)),
          golden(NfsAcl3.SETACL, a -> a.handle(A).word(0xf).acl(4).acl(1)),
          golden(Nlm4.NULL, a -> a),
          golden(Nlm4.TEST, a -> a.opaque(8, 0xc0).word(1).nlmLock()),
          golden(Nlm4.LOCK, a -> a.opaque(8, 0xc0).words(1, 1).nlmLock().words(0, 3)),
          golden(Nlm4.CANCEL, a -> a.opaque(8, 0xc0).words(1, 1).nlmLock()),
          golden(Nlm4.UNLOCK, a -> a.opaque(3, 0xc0).nlmLock()),
          golden(Nlm4.GRANTED, a -> a.opaque(8, 0xc0).word(1).nlmLock()),
          golden(Nlm4.TEST_MSG, a -> a.opaque(8, 0xc0).word(1).nlmLock()),
          golden(Nlm4.LOCK_MSG, a -> a.opaque(8, 0xc0).words(1, 1).nlmLock().words(0, 3)),
          golden(Nlm4.CANCEL_MSG, a -> a.opaque(8, 0xc0).words(1, 1).nlmLock()),
          golden(Nlm4.UNLOCK_MSG, a -> a.opaque(8, 0xc0).nlmLock()),
          golden(Nlm4.GRANTED_MSG, a -> a.opaque(8, 0xc0).word(1).nlmLock()),
          golden(Nlm4.TEST_RES, a -> a.opaque(8, 0xc0).word(0)),
          golden(
              Nlm4.TEST_RES,
              a -> a.opaque(8, 0xc0).word(1).words(1, 7).opaque(9, 1).hyper(0).hyper(9)),
          golden(Nlm4.LOCK_RES, a -> a.opaque(8, 0xc0).word(3)),
          golden(Nlm4.CANCEL_RES, a -> a.opaque(8, 0xc0).word(0)),
          golden(Nlm4.UNLOCK_RES, a -> a.opaque(8, 0xc0).word(0)),
          golden(Nlm4.GRANTED_RES, a -> a.opaque(8, 0xc0).word(0)),
          golden(Nlm4.SM_NOTIFY, a -> a.text("client").word(5).fixed(16, 0xbb)),
          golden(Nlm4.SHARE, a -> a.opaque(8, 1).text("c").handle(B).opaque(2, 2).words(0, 1, 0)),
          golden(Nlm4.UNSHARE, a -> a.opaque(8, 1).text("c").handle(B).opaque(2, 2).words(0, 1, 0)),
          golden(Nlm4.NM_LOCK, a -> a.opaque(8, 0xc0).words(0, 1).nlmLock().words(0, 3)),
          golden(Nlm4.FREE_ALL, a -> a.text("client").word(5)),
          golden(Portmap2.NULL, a -> a),
          golden(Portmap2.SET, a -> a.words(100003, 3, 6, 2049)),
          golden(Portmap2.UNSET, a -> a.words(100003, 3, 0, 0)),
          golden(Portmap2.GETPORT, a -> a.words(100003, 3, 6, 0)),
          golden(Portmap2.DUMP, a -> a),
          golden(Portmap2.CALLIT, a -> a.words(100005, 3, 1).opaque(11, 1)),
          golden(Rpcbind3.NULL, a -> a),
          golden(Rpcbind3.SET, a -> a.rpcb()),
          golden(Rpcbind3.UNSET, a -> a.rpcb()),
          golden(Rpcbind3.GETADDR, a -> a.rpcb()),
          golden(Rpcbind3.DUMP, a -> a),
          golden(Rpcbind3.CALLIT, a -> a.words(100005, 3, 1).opaque(11, 1)),
          golden(Rpcbind3.GETTIME, a -> a),
          golden(Rpcbind3.UADDR2TADDR, a -> a.text("127.0.0.1.8.1")),
          golden(Rpcbind3.TADDR2UADDR, a -> a.word(16).opaque(16, 2)),
          golden(Rpcbind4.NULL, a -> a),
          golden(Rpcbind4.SET, a -> a.rpcb()),
          golden(Rpcbind4.UNSET, a -> a.rpcb()),
          golden(Rpcbind4.GETADDR, a -> a.rpcb()),
          golden(Rpcbind4.DUMP, a -> a),
          golden(Rpcbind4.BCAST, a -> a.words(100005, 3, 1).opaque(11, 1)),
          golden(Rpcbind4.GETTIME, a -> a),
          golden(Rpcbind4.UADDR2TADDR, a -> a.text("127.0.0.1.8.1")),
          golden(Rpcbind4.TADDR2UADDR, a -> a.word(16).opaque(16, 2)),
          golden(Rpcbind4.GETVERSADDR, a -> a.rpcb()),
          golden(Rpcbind4.INDIRECT, a -> a.words(100005, 3, 1).opaque(11, 1)),
          golden(Rpcbind4.GETADDRLIST, a -> a.rpcb()),
          golden(Rpcbind4.GETSTAT, a -> a));

  private static GoldenProcedure golden(Procedure row, UnaryOperator<Arguments> encoding) {
    Arguments written = encoding.apply(new Arguments());
    return new GoldenProcedure(row, written.handles, written.names, written.bytes());
  }

  /** All rows of all programs, as the tables have them. */
  public static List<Procedure> rows() {
    List<Procedure> rows = new ArrayList<>();
    for (Procedure[] table :
        Arrays.<Procedure[]>asList(
            Nfs2.values(),
            Nfs3.values(),
            Nfs4Procedure.values(),
            Nfs4CallbackProcedure.values(),
            Mount1.values(),
            Mount2.values(),
            Mount3.values(),
            NfsAcl2.values(),
            NfsAcl3.values(),
            Nlm4.values(),
            Portmap2.values(),
            Rpcbind3.values(),
            Rpcbind4.values())) {
      rows.addAll(Arrays.asList(table));
    }
    return rows;
  }

  @Override
  public String toString() {
    return row.label() + " with " + arguments.length + " bytes of arguments";
  }
}
