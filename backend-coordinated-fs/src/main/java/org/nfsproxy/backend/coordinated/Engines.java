package org.nfsproxy.backend.coordinated;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.mount.Mount3;
import org.nfsproxy.backend.coordinated.nfs3.Nfs3;

/** The engine of this backend: MOUNT and NFS version 3 over files. */
final class Engines {
  /** A WRITE of the largest transfer, with room for header, credential and handle. */
  static final int RECORD_BYTES_MAX = Nfs3.TRANSFER_BYTES_MAX + (1 << 16);

  /** What it serves, whatever the files. */
  static final List<ServedProgram> PROGRAMS =
      List.of(
          new ServedProgram(Mount3.PROGRAM, Mount3.VERSION, Mount3.VERSION),
          new ServedProgram(Nfs3.PROGRAM, Nfs3.VERSION, Nfs3.VERSION));

  private Engines() {}

  static Engine over(Files files) {
    return new Engine(
        PooledByteBufAllocator.DEFAULT, List.of(Mount3.over(files), Nfs3.over(files)));
  }
}
