package org.nfsproxy.backend.coordinated.nfs4j;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.dcache.nfs.ExportTable;
import org.dcache.nfs.FsExport;

/** One export for everybody: SECINFO answers AUTH_SYS. Who may do what, others decide. */
final class SecurityOffered implements ExportTable {
  private final FsExport everything;

  SecurityOffered() {
    try {
      everything =
          new FsExport.FsExportBuilder()
              .rw()
              .trusted()
              .withoutAcl()
              .withoutPnfs()
              .withoutPrivilegedClientPort()
              .withSec(FsExport.Sec.SYS)
              .build("/");
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public Stream<FsExport> exports() {
    return Stream.of(everything);
  }

  @Override
  public Stream<FsExport> exports(InetAddress client) {
    return Stream.of(everything);
  }

  @Override
  public FsExport getExport(String path, InetAddress client) {
    return everything;
  }

  @Override
  public FsExport getExport(int index, InetAddress client) {
    return everything;
  }
}
