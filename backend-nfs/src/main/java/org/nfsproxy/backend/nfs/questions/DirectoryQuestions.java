package org.nfsproxy.backend.nfs.questions;

import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.backend.DirectoryPage;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** The questions about what is in a directory: READDIRPLUS and READDIR. */
final class DirectoryQuestions {
  private static final int PAGE_BYTES = 32768;
  private static final int NAME_BYTES_MAX = 1024;

  private DirectoryQuestions() {}

  /** In NFSv3. */
  static Question<DirectoryPage> page3(Filehandle directory, DirectoryPage behind) {
    return new Question<>(
        Programs.NFS,
        3,
        Nfs3.READDIRPLUS.number(),
        out ->
            out.opaque(directory.bytes())
                .int64(behind.cookie())
                .int64(behind.verifier())
                .int32(PAGE_BYTES)
                .int32(PAGE_BYTES),
        in -> {
          NfsQuestions.succeed(in);
          if (in.bool()) {
            NfsQuestions.identity3(in);
          }
          return entries3(in);
        });
  }

  private static DirectoryPage entries3(XdrReader in) {
    long verifier = in.int64();
    List<DirectoryPage.Entry> entries = new ArrayList<>();
    long cookie = 0;
    while (in.bool()) {
      in.int64(); // fileid: of what is covered
      byte[] name = in.opaque(NAME_BYTES_MAX);
      cookie = in.int64();
      ObjectIdentity identity = in.bool() ? NfsQuestions.identity3(in) : null;
      Filehandle handle = in.bool() ? Filehandle.of(in.opaque(Filehandle.NFS3_BYTES_MAX)) : null;
      entries.add(new DirectoryPage.Entry(name, handle, identity));
    }
    return new DirectoryPage(entries, cookie, verifier, in.bool());
  }

  /** In NFSv4. */
  static Compound<DirectoryPage> page4(Filehandle directory, DirectoryPage behind) {
    return new Compound<>(
        2,
        out -> readDir(Compound.putFh(out, directory), behind),
        in -> {
          Compound.expect(in, Nfs4.PUTFH);
          Compound.expect(in, Nfs4.READDIR);
          return entries4(in);
        });
  }

  /** Writes a READDIR that asks what each entry is. */
  static void readDir(XdrWriter out, DirectoryPage behind) {
    out.int32(Nfs4.READDIR.number()).int64(behind.cookie()).int64(behind.verifier());
    out.int32(PAGE_BYTES).int32(PAGE_BYTES);
    Attributes4.ask(
        out,
        Attributes4.TYPE,
        Attributes4.FSID,
        Attributes4.RDATTR_ERROR,
        Attributes4.FILEHANDLE,
        Attributes4.FILEID);
  }

  /** Reads its results. */
  static DirectoryPage entries4(XdrReader in) {
    long verifier = in.int64();
    List<DirectoryPage.Entry> entries = new ArrayList<>();
    long cookie = 0;
    while (in.bool()) {
      cookie = in.int64();
      byte[] name = in.opaque(NAME_BYTES_MAX);
      Attributes4 got = Attributes4.read(in);
      Filehandle handle = got.handle().length == 0 ? null : Filehandle.of(got.handle());
      ObjectIdentity identity =
          got.fsidGiven()
              ? new ObjectIdentity(got.fsidMajor(), got.fsidMinor(), got.fileid(), got.type())
              : null;
      entries.add(new DirectoryPage.Entry(name, handle, identity));
    }
    return new DirectoryPage(entries, cookie, verifier, in.bool());
  }
}
