package org.nfsproxy.backend.nfs.questions;

import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Mount3;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.xdr.XdrReader;

/** The questions to MOUNT, RFC 1813 appendix I. */
final class MountQuestions {
  private static final int VERSION = 3;

  /** MNTPATHLEN. */
  private static final int PATH_BYTES_MAX = 1024;

  /** MNTNAMLEN. */
  private static final int GROUP_BYTES_MAX = 255;

  private MountQuestions() {}

  /**
   * The handle of an exported directory. Status numbers are those of NFSv3 where both have them.
   *
   * @param path absolute
   */
  static Question<Filehandle> mnt(String path) {
    return new Question<>(
        Programs.MOUNT,
        VERSION,
        Mount3.MNT.number(),
        out -> out.string(path),
        in -> {
          NfsQuestions.succeed(in);
          return Filehandle.of(in.opaque(Filehandle.NFS3_BYTES_MAX));
        });
  }

  /** The exported paths; who may mount them is not kept. */
  static Question<List<String>> export() {
    return new Question<>(
        Programs.MOUNT, VERSION, Mount3.EXPORT.number(), out -> {}, MountQuestions::paths);
  }

  // As many rounds as the record has room for, so its own bound is the list's.
  private static List<String> paths(XdrReader in) {
    List<String> paths = new ArrayList<>();
    while (in.bool()) {
      paths.add(in.string(PATH_BYTES_MAX));
      while (in.bool()) {
        in.skipOpaque(GROUP_BYTES_MAX);
      }
    }
    return paths;
  }
}
