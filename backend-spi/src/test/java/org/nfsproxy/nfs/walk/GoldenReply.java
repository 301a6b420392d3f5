package org.nfsproxy.nfs.walk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.function.UnaryOperator;
import org.nfsproxy.nfs.ResultBuilder;
import org.nfsproxy.nfs.table.Mount1;
import org.nfsproxy.nfs.table.Mount2;
import org.nfsproxy.nfs.table.Mount3;
import org.nfsproxy.nfs.table.Nfs2;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.NfsAcl2;
import org.nfsproxy.nfs.table.NfsAcl3;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;

/**
 * A procedure's results as its RFC has them on the wire.
 *
 * @param row the row it is
 * @param status what it came to; null for procedures without a status
 * @param body appends what stands behind the status
 */
record GoldenReply(Procedure row, Integer status, UnaryOperator<ResultBuilder> body) {
  private static final byte[] A = "28 bytes, as ext4 has them..".getBytes(UTF_8);
  private static final byte[] B = "64 bytes, as long as NFSv3 goes ".repeat(2).getBytes(UTF_8);

  static final List<GoldenReply> ALL =
      List.of(
          bare(Nfs2.NULL, r -> r),
          ok(Nfs2.GETATTR, r -> r.fattr2(Part.FIRST_ATTRIBUTES)),
          failed(Nfs2.GETATTR, 70, r -> r),
          ok(Nfs2.SETATTR, r -> r.fattr2(Part.FIRST_ATTRIBUTES)),
          bare(Nfs2.ROOT, r -> r),
          ok(Nfs2.LOOKUP, r -> r.fixedHandle().fattr2(Part.ATTRIBUTES)),
          failed(Nfs2.LOOKUP, 2, r -> r),
          ok(Nfs2.READLINK, r -> r.text("../target")),
          ok(Nfs2.READ, r -> r.fattr2(Part.FIRST_ATTRIBUTES).opaque(5, 0xda)),
          bare(Nfs2.WRITECACHE, r -> r),
          ok(Nfs2.WRITE, r -> r.fattr2(Part.FIRST_ATTRIBUTES)),
          ok(Nfs2.CREATE, r -> r.fixedHandle().fattr2(Part.ATTRIBUTES)),
          ok(Nfs2.REMOVE, r -> r),
          failed(Nfs2.REMOVE, 30, r -> r),
          ok(Nfs2.RENAME, r -> r),
          ok(Nfs2.LINK, r -> r),
          ok(Nfs2.SYMLINK, r -> r),
          ok(Nfs2.MKDIR, r -> r.fixedHandle().fattr2(Part.ATTRIBUTES)),
          ok(Nfs2.RMDIR, r -> r),
          ok(
              Nfs2.READDIR,
              r ->
                  r.entry(e -> e.word(128).part(Part.NAME, "etc").word(1))
                      .entry(e -> e.word(129).part(Part.NAME, "a name").word(2))
                      .words(0, 1)),
          ok(Nfs2.STATFS, r -> r.words(8192, 4096, 100, 50, 40)),
          bare(Nfs3.NULL, r -> r),
          ok(Nfs3.GETATTR, r -> r.part(Part.FIRST_ATTRIBUTES, ResultBuilder::fattr3)),
          failed(Nfs3.GETATTR, 70, r -> r),
          ok(Nfs3.SETATTR, r -> r.firstWcc()),
          failed(Nfs3.SETATTR, 30, r -> r.firstWcc()),
          failed(Nfs3.SETATTR, 30, r -> r.absent().first()),
          ok(Nfs3.LOOKUP, r -> r.handle(A).postOp(Part.ATTRIBUTES).first()),
          ok(Nfs3.LOOKUP, r -> r.handle(B).absent().absent()),
          failed(Nfs3.LOOKUP, 2, r -> r.first()),
          ok(Nfs3.ACCESS, r -> r.first().part(Part.GRANTED, g -> g.word(0x1f))),
          failed(Nfs3.ACCESS, 70, r -> r.absent()),
          ok(Nfs3.READLINK, r -> r.first().text("../target")),
          ok(Nfs3.READ, r -> r.first().words(5, 1).payload(5, 0xda)),
          failed(Nfs3.READ, 5, r -> r.first()),
          ok(Nfs3.WRITE, r -> r.firstWcc().words(5, 2).fixed(8, 0xfe)),
          failed(Nfs3.WRITE, 28, r -> r.firstWcc()),
          ok(Nfs3.CREATE, r -> r.word(1).handle(A).postOp(Part.ATTRIBUTES).firstWcc()),
          ok(Nfs3.CREATE, r -> r.absent().absent().firstWcc()),
          failed(Nfs3.CREATE, 17, r -> r.firstWcc()),
          ok(Nfs3.MKDIR, r -> r.word(1).handle(B).postOp(Part.ATTRIBUTES).firstWcc()),
          ok(Nfs3.SYMLINK, r -> r.word(1).handle(A).absent().absent().first()),
          ok(Nfs3.MKNOD, r -> r.word(1).handle(A).postOp(Part.ATTRIBUTES).absent().absent()),
          ok(Nfs3.REMOVE, r -> r.firstWcc()),
          failed(Nfs3.REMOVE, 2, r -> r.firstWcc()),
          ok(Nfs3.RMDIR, r -> r.firstWcc()),
          ok(Nfs3.RENAME, r -> r.firstWcc().secondWcc()),
          failed(Nfs3.RENAME, 18, r -> r.firstWcc().secondWcc()),
          ok(Nfs3.LINK, r -> r.first().secondWcc()),
          failed(Nfs3.LINK, 18, r -> r.first().secondWcc()),
          ok(
              Nfs3.READDIR,
              r ->
                  r.first()
                      .fixed(8, 0xcc)
                      .entry(e -> e.hyper(128).part(Part.NAME, "etc").hyper(1))
                      .entry(e -> e.hyper(129).part(Part.NAME, "a name").hyper(2))
                      .words(0, 1)),
          failed(Nfs3.READDIR, 20, r -> r.first()),
          ok(
              Nfs3.READDIRPLUS,
              r ->
                  r.first()
                      .fixed(8, 0xcc)
                      .entry(
                          e ->
                              e.hyper(128)
                                  .part(Part.NAME, "etc")
                                  .hyper(1)
                                  .postOp(Part.ATTRIBUTES)
                                  .word(1)
                                  .handle(A))
                      .entry(e -> e.hyper(9).part(Part.NAME, "x").hyper(2).absent().absent())
                      .entry(
                          e -> e.hyper(9).part(Part.NAME, "y").hyper(3).absent().word(1).handle(B))
                      .words(0, 0)),
          ok(Nfs3.READDIRPLUS, r -> r.absent().fixed(8, 0).words(0, 1)),
          ok(Nfs3.FSSTAT, r -> r.first().fixed(48, 0x11).word(0)),
          ok(
              Nfs3.FSINFO,
              r ->
                  r.first()
                      .words(1 << 20, 1 << 20, 4096, 1 << 20, 1 << 20, 4096, 32768)
                      .hyper(-1)
                      .words(0, 1, 27)),
          ok(Nfs3.PATHCONF, r -> r.first().words(32000, 255, 0, 1, 0, 1)),
          failed(Nfs3.PATHCONF, 70, r -> r.absent()),
          ok(Nfs3.COMMIT, r -> r.firstWcc().fixed(8, 0xfe)),
          failed(Nfs3.COMMIT, 5, r -> r.firstWcc()),
          bare(Mount1.NULL, r -> r),
          ok(Mount1.MNT, r -> r.fixedHandle()),
          failed(Mount1.MNT, 13, r -> r),
          dump(Mount1.DUMP),
          bare(Mount1.UMNT, r -> r),
          bare(Mount1.UMNTALL, r -> r),
          exports(Mount1.EXPORT),
          exports(Mount1.EXPORTALL),
          bare(Mount2.NULL, r -> r),
          ok(Mount2.MNT, r -> r.fixedHandle()),
          failed(Mount2.MNT, 13, r -> r),
          dump(Mount2.DUMP),
          bare(Mount2.UMNT, r -> r),
          bare(Mount2.UMNTALL, r -> r),
          exports(Mount2.EXPORT),
          exports(Mount2.EXPORTALL),
          bare(Mount2.PATHCONF, r -> r.words(127, 255, 255, 255, 4096, 4096, 0, 0, 0, 0)),
          bare(Mount3.NULL, r -> r),
          ok(Mount3.MNT, r -> r.handle(A).part(Part.FLAVORS, f -> f.words(2, 1, 390003))),
          ok(Mount3.MNT, r -> r.handle(B).part(Part.FLAVORS, f -> f.word(0))),
          failed(Mount3.MNT, 13, r -> r),
          dump(Mount3.DUMP),
          bare(Mount3.DUMP, r -> r.word(0)),
          bare(Mount3.UMNT, r -> r),
          bare(Mount3.UMNTALL, r -> r),
          exports(Mount3.EXPORT),
          bare(Mount3.EXPORT, r -> r.word(0)),
          bare(NfsAcl2.NULL, r -> r),
          ok(NfsAcl2.GETACL, r -> r.fattr2(Part.FIRST_ATTRIBUTES).acls(4)),
          ok(NfsAcl2.SETACL, r -> r.fattr2(Part.FIRST_ATTRIBUTES)),
          ok(NfsAcl2.GETATTR, r -> r.fattr2(Part.FIRST_ATTRIBUTES)),
          ok(
              NfsAcl2.ACCESS,
              r -> r.fattr2(Part.FIRST_ATTRIBUTES).part(Part.GRANTED, g -> g.word(0x1f))),
          failed(NfsAcl2.ACCESS, 13, r -> r),
          bare(NfsAcl3.NULL, r -> r),
          ok(NfsAcl3.GETACL, r -> r.first().acls(4)),
          failed(NfsAcl3.GETACL, 13, r -> r.first()),
          ok(NfsAcl3.SETACL, r -> r.first()),
          failed(NfsAcl3.SETACL, 30, r -> r.absent()));

  private static GoldenReply dump(Procedure row) {
    return bare(
        row,
        r ->
            r.entry(e -> e.text("client.example.org").part(Part.NAME, "/export"))
                .entry(e -> e.text("10.0.0.7").part(Part.NAME, "/export/xfs"))
                .word(0));
  }

  private static GoldenReply exports(Procedure row) {
    return bare(
        row,
        r ->
            r.entry(e -> e.part(Part.NAME, "/export").words(1).text("*").word(0))
                .entry(
                    e ->
                        e.part(Part.NAME, "/export/b")
                            .words(1)
                            .text("a")
                            .words(1)
                            .text("b")
                            .word(0))
                .entry(e -> e.part(Part.NAME, "/x").word(0))
                .word(0));
  }

  private static GoldenReply ok(Procedure row, UnaryOperator<ResultBuilder> body) {
    return new GoldenReply(row, 0, body);
  }

  private static GoldenReply failed(Procedure row, int status, UnaryOperator<ResultBuilder> body) {
    return new GoldenReply(row, status, body);
  }

  private static GoldenReply bare(Procedure row, UnaryOperator<ResultBuilder> body) {
    return new GoldenReply(row, null, body);
  }

  public ResultBuilder encode() {
    ResultBuilder results = new ResultBuilder();
    return body.apply(status == null ? results : results.word(status));
  }

  @Override
  public String toString() {
    return row.label() + " with status " + status + " and " + encode().length() + " bytes";
  }
}
