package org.nfsproxy.backend.coordinated;

import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.memory.MemoryFiles;
import org.nfsproxy.backend.coordinated.memory.Volume;
import org.nfsproxy.rpc.CallCredential;

/** An engine over two filesystems: /export, and /export/inner/deep mounted in it. */
public final class EngineRig {
  static final long OUTER_FSID = 0x1111_2222_3333_4444L;
  static final long INNER_FSID = 0x5555_6666_7777_8888L;
  static final int INNER_HANDLE_BYTES = 29;

  public final MemoryFiles files;
  public final Nfs3Calls root;
  public final byte[] export;
  public final byte[] inner;

  public EngineRig() {
    this(Volume.BYTES_MAX_DEFAULT);
  }

  public EngineRig(long bytesMax) {
    try {
      files =
          new MemoryFiles("/export", new Volume(1, OUTER_FSID, bytesMax, Volume.HANDLE_BYTES_MIN));
      files.mount("/export/inner/deep", new Volume(7, INNER_FSID, bytesMax, INNER_HANDLE_BYTES));
    } catch (FilesException impossible) {
      throw new AssertionError(impossible);
    }
    root =
        new Nfs3Calls(
            Engines.over(files, Engines.replyMemory(8 << 20)), CallCredential.sys("test", 0, 0));
    export = root.root("/export");
    inner = root.root("/export/inner/deep");
  }
}
