package org.nfsproxy.backend.coordinated;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.ServiceLoader;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.backend.coordinated.engine.FurtherProgram;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.mount.Mount3;
import org.nfsproxy.backend.coordinated.nfs3.Nfs3;

/**
 * The engine of this backend: MOUNT and NFS version 3 over files, and what else is on the class
 * path.
 */
final class Engines {
  /** A WRITE of the largest transfer, with room for header, credential and handle. */
  static final int RECORD_BYTES_MAX = Nfs3.TRANSFER_BYTES_MAX + (1 << 16);

  private Engines() {}

  /** Files in memory: they begin and end with this process. */
  static Engine overMemory(Files files) {
    return over(files, true);
  }

  /** Files that were there before. */
  static Engine over(Files files) {
    return over(files, false);
  }

  private static Engine over(Files files, boolean afresh) {
    return new Engine(
        PooledByteBufAllocator.DEFAULT,
        List.of(Mount3.over(files), Nfs3.over(files)),
        ServiceLoader.load(FurtherProgram.Provider.class).stream()
            .map(found -> found.get().over(files, afresh))
            .toList());
  }
}
