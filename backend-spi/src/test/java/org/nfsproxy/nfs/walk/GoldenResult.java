package org.nfsproxy.nfs.walk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.function.UnaryOperator;
import org.nfsproxy.nfs.ResultBuilder;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;

/**
 * An NFSv4 operation's results as the RFC has them on the wire.
 *
 * @param row the row it is
 * @param status what it came to
 * @param body appends what stands behind the status
 */
record GoldenResult(Nfs4 row, int status, UnaryOperator<ResultBuilder> body) {
  private static final byte[] HANDLE = "28 bytes, as ext4 has them..".getBytes(UTF_8);
  private static final byte[] HANDLE_13 = "not aligned !".getBytes(UTF_8);

  static final List<GoldenResult> ALL =
      List.of(
          ok(Nfs4.ACCESS, r -> r.word(0x1f).part(Part.GRANTED, g -> g.word(0x01))),
          ok(Nfs4.CLOSE, r -> r.stateid()),
          ok(Nfs4.COMMIT, r -> r.fixed(8, 0xfe)),
          ok(Nfs4.CREATE, r -> r.change().bitmap(0, 2)),
          ok(Nfs4.DELEGPURGE, r -> r),
          ok(Nfs4.DELEGRETURN, r -> r),
          ok(Nfs4.GETATTR, r -> r.fattr4()),
          ok(Nfs4.GETATTR, r -> r.noFattr4()),
          failed(Nfs4.GETATTR, 10019, r -> r),
          ok(Nfs4.GETFH, r -> r.handle(HANDLE)),
          ok(Nfs4.GETFH, r -> r.handle(HANDLE_13)),
          ok(Nfs4.GETFH, r -> r.handle(new byte[128])),
          failed(Nfs4.GETFH, 10019, r -> r),
          ok(Nfs4.LINK, r -> r.change()),
          ok(Nfs4.LOCK, r -> r.stateid()),
          failed(Nfs4.LOCK, 10010, r -> r.denied()),
          failed(Nfs4.LOCK, 10013, r -> r),
          ok(Nfs4.LOCKT, r -> r),
          failed(Nfs4.LOCKT, 10010, r -> r.denied()),
          ok(Nfs4.LOCKU, r -> r.stateid()),
          ok(Nfs4.LOOKUP, r -> r),
          failed(Nfs4.LOOKUP, 2, r -> r),
          ok(Nfs4.LOOKUPP, r -> r),
          ok(Nfs4.NVERIFY, r -> r),
          open(r -> r.word(0)),
          open(r -> r.word(1).stateid().word(0).ace()),
          open(r -> r.word(2).stateid().word(0).word(1).hyper(1 << 20).ace()),
          open(r -> r.word(2).stateid().word(0).word(2).words(16, 4096).ace()),
          open(r -> r.words(3, 0)),
          open(r -> r.words(3, 1, 1)),
          open(r -> r.words(3, 2, 0)),
          open(r -> r.words(3, 8)),
          open(r -> r.word(4).stateid().word(1).ace()),
          open(r -> r.word(5).stateid().word(1).word(1).hyper(0).ace()),
          failed(Nfs4.OPEN, 10016, r -> r),
          ok(Nfs4.OPENATTR, r -> r),
          ok(Nfs4.OPEN_CONFIRM, r -> r.stateid()),
          ok(Nfs4.OPEN_DOWNGRADE, r -> r.stateid()),
          ok(Nfs4.PUTFH, r -> r),
          failed(Nfs4.PUTFH, 70, r -> r),
          ok(Nfs4.PUTPUBFH, r -> r),
          ok(Nfs4.PUTROOTFH, r -> r),
          ok(Nfs4.READ, r -> r.word(1).payload(7, 0xda)),
          ok(Nfs4.READ, r -> r.word(1).payload(0, 0)),
          ok(Nfs4.READDIR, r -> r.fixed(8, 0xcc).words(0, 1)),
          ok(
              Nfs4.READDIR,
              r ->
                  r.fixed(8, 0xcc)
                      .entry(e -> e.hyper(3).part(Part.NAME, "usr").fattr4())
                      .entry(e -> e.hyper(4).part(Part.NAME, "a name").noFattr4())
                      .words(0, 0)),
          ok(Nfs4.READLINK, r -> r.text("../target")),
          ok(Nfs4.REMOVE, r -> r.change()),
          ok(Nfs4.RENAME, r -> r.change().change()),
          ok(Nfs4.RENEW, r -> r),
          ok(Nfs4.RESTOREFH, r -> r),
          ok(Nfs4.SAVEFH, r -> r),
          ok(Nfs4.SECINFO, r -> r.part(Part.FLAVORS, f -> f.words(2, 1, 0))),
          ok(
              Nfs4.SECINFO,
              r -> r.part(Part.FLAVORS, f -> f.words(2, 6).opaque(9, 0x2a).words(0, 1).word(1))),
          ok(Nfs4.SETATTR, r -> r.bitmap(1 << 4)),
          failed(Nfs4.SETATTR, 30, r -> r.bitmap()),
          failed(Nfs4.SETATTR, 27, r -> r.bitmap(0, 2)),
          ok(Nfs4.SETCLIENTID, r -> r.part(Part.CLIENTID, c -> c.hyper(5)).fixed(8, 0xcf)),
          failed(Nfs4.SETCLIENTID, 10017, r -> r.text("tcp").text("10.0.0.1.8.1")),
          ok(Nfs4.SETCLIENTID_CONFIRM, r -> r),
          ok(Nfs4.VERIFY, r -> r),
          failed(Nfs4.VERIFY, 10027, r -> r),
          ok(Nfs4.WRITE, r -> r.words(4096, 2).fixed(8, 0xfe)),
          ok(Nfs4.RELEASE_LOCKOWNER, r -> r),
          ok(Nfs4.BACKCHANNEL_CTL, r -> r),
          ok(Nfs4.BIND_CONN_TO_SESSION, r -> r.session().words(3, 0)),
          ok(Nfs4.EXCHANGE_ID, r -> r.exchanged().word(0).owner().word(0)),
          ok(
              Nfs4.EXCHANGE_ID,
              r ->
                  r.exchanged()
                      .word(0)
                      .owner()
                      .word(1)
                      .text("kernel.org")
                      .text("Linux 6.1.0 x86_64")
                      .time()),
          ok(
              Nfs4.EXCHANGE_ID,
              r -> r.exchanged().word(1).bitmap(0, 0x1234, 0xf).bitmap(0x10).owner().word(0)),
          ok(
              Nfs4.EXCHANGE_ID,
              r ->
                  r.exchanged()
                      .word(2)
                      .bitmap(1)
                      .bitmap()
                      .words(1, 2, 32, 128)
                      .word(2)
                      .opaque(5, 0xa1)
                      .opaque(8, 0xa2)
                      .owner()
                      .word(0)),
          failed(Nfs4.EXCHANGE_ID, 10017, r -> r),
          ok(
              Nfs4.CREATE_SESSION,
              r -> r.session().word(1).part(Part.FLAGS, f -> f.word(2)).foreChannel().channel(4)),
          ok(Nfs4.DESTROY_SESSION, r -> r),
          ok(Nfs4.FREE_STATEID, r -> r),
          ok(
              Nfs4.GET_DIR_DELEGATION,
              r -> r.word(0).fixed(8, 0xcc).stateid().bitmap(3).bitmap(1, 2).bitmap()),
          ok(Nfs4.GET_DIR_DELEGATION, r -> r.words(1, 1)),
          ok(Nfs4.GETDEVICEINFO, r -> r.word(4).opaque(33, 0xad).bitmap(6)),
          failed(Nfs4.GETDEVICEINFO, 10005, r -> r.word(65536)),
          ok(
              Nfs4.GETDEVICELIST,
              r -> r.hyper(9).fixed(8, 0xcc).word(2).fixed(16, 0xd1).fixed(16, 0xd2).word(1)),
          ok(Nfs4.LAYOUTCOMMIT, r -> r.word(0)),
          ok(Nfs4.LAYOUTCOMMIT, r -> r.word(1).hyper(4096)),
          ok(
              Nfs4.LAYOUTGET,
              r -> r.word(1).stateid().word(1).hyper(0).hyper(-1).words(2, 4).opaque(9, 0x1b)),
          failed(Nfs4.LAYOUTGET, 10058, r -> r.word(0)),
          failed(Nfs4.LAYOUTGET, 10059, r -> r),
          ok(Nfs4.LAYOUTRETURN, r -> r.word(0)),
          ok(Nfs4.LAYOUTRETURN, r -> r.word(1).stateid()),
          ok(Nfs4.SECINFO_NO_NAME, r -> r.part(Part.FLAVORS, f -> f.words(1, 1))),
          ok(
              Nfs4.SEQUENCE,
              r -> r.session().words(12, 3, 63, 63).part(Part.FLAGS, f -> f.word(0x400))),
          failed(Nfs4.SEQUENCE, 10052, r -> r),
          ok(Nfs4.SET_SSV, r -> r.opaque(33, 0x55)),
          ok(Nfs4.TEST_STATEID, r -> r.words(3, 0, 10025, 10047)),
          ok(Nfs4.TEST_STATEID, r -> r.word(0)),
          ok(Nfs4.WANT_DELEGATION, r -> r.word(1).stateid().word(0).ace()),
          ok(Nfs4.DESTROY_CLIENTID, r -> r),
          ok(Nfs4.RECLAIM_COMPLETE, r -> r),
          ok(Nfs4.ALLOCATE, r -> r),
          ok(Nfs4.COPY, r -> r.written(0).words(1, 1)),
          ok(Nfs4.COPY, r -> r.written(1).words(1, 0)),
          failed(Nfs4.COPY, 10094, r -> r.words(0, 1)),
          failed(Nfs4.COPY, 10091, r -> r),
          ok(Nfs4.COPY_NOTIFY, r -> r.time().stateid().word(0)),
          ok(
              Nfs4.COPY_NOTIFY,
              r ->
                  r.time()
                      .stateid()
                      .words(3, 1)
                      .part(Part.SERVER, "source.example.org")
                      .word(2)
                      .part(Part.SERVER, "nfs://source/")
                      .word(3)
                      .text("tcp")
                      .part(Part.SERVER, "10.0.0.1.8.1")),
          ok(Nfs4.DEALLOCATE, r -> r),
          ok(Nfs4.IO_ADVISE, r -> r.bitmap(0x42)),
          ok(Nfs4.LAYOUTERROR, r -> r),
          ok(Nfs4.LAYOUTSTATS, r -> r),
          ok(Nfs4.OFFLOAD_CANCEL, r -> r),
          ok(Nfs4.OFFLOAD_STATUS, r -> r.hyper(4096).word(0)),
          ok(Nfs4.OFFLOAD_STATUS, r -> r.hyper(4096).words(1, 0)),
          ok(Nfs4.READ_PLUS, r -> r.words(1, 0)),
          ok(
              Nfs4.READ_PLUS,
              r ->
                  r.words(0, 3)
                      .word(0)
                      .hyper(0)
                      .opaque(7, 0xda)
                      .word(1)
                      .hyper(8)
                      .hyper(4096)
                      .word(0)
                      .hyper(4104)
                      .opaque(4, 0xda)),
          ok(Nfs4.SEEK, r -> r.word(0).hyper(4096)),
          ok(Nfs4.WRITE_SAME, r -> r.written(1)),
          ok(Nfs4.CLONE, r -> r),
          ok(Nfs4.GETXATTR, r -> r.opaque(10, 0x7a)),
          ok(Nfs4.SETXATTR, r -> r.change()),
          ok(Nfs4.LISTXATTRS, r -> r.hyper(2).word(2).text("mime").text("origin").word(1)),
          ok(Nfs4.REMOVEXATTR, r -> r.change()),
          failed(Nfs4.ILLEGAL, 10044, r -> r));

  private static GoldenResult ok(Nfs4 row, UnaryOperator<ResultBuilder> body) {
    return new GoldenResult(row, 0, body);
  }

  private static GoldenResult failed(Nfs4 row, int status, UnaryOperator<ResultBuilder> body) {
    return new GoldenResult(row, status, body);
  }

  private static GoldenResult open(UnaryOperator<ResultBuilder> delegation) {
    return ok(
        Nfs4.OPEN, r -> delegation.apply(r.stateid().change().word(4).bitmap(0x10, 0x0030_0000)));
  }

  ResultBuilder appendTo(ResultBuilder compound) {
    return body.apply(compound.result(row.number(), status));
  }

  @Override
  public String toString() {
    int length = body.apply(new ResultBuilder()).length();
    return row.label() + " with status " + status + " and " + length + " bytes";
  }
}
