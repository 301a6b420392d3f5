package org.nfsproxy.backend.coordinated;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.backend.coordinated.engine.FurtherProgram;
import org.nfsproxy.backend.coordinated.engine.ReplyMemory;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.mount.Mount3Program;
import org.nfsproxy.backend.coordinated.nfs3.Nfs3Program;

/**
 * The engine of this backend: MOUNT and NFS version 3 over files, and what else is on the class
 * path.
 */
public final class Engines {
  /** A WRITE of the largest transfer, with room for header, credential and handle. */
  public static final int RECORD_BYTES_MAX = Nfs3Program.TRANSFER_BYTES_MAX + (1 << 16);

  /** A READ of the largest transfer, with room for what stands before the bytes. */
  private static final int REPLY_BYTES_MAX = Nfs3Program.TRANSFER_BYTES_MAX + (1 << 12);

  private static final List<FurtherProgram.Provider> FURTHER =
      ServiceLoader.load(FurtherProgram.Provider.class).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private Engines() {}

  /** Files in memory: they begin and end with this process. */
  public static Engine overMemory(Files files) {
    return over(files, PooledByteBufAllocator.DEFAULT, true);
  }

  /** Files that were there before. */
  static Engine over(Files files, ReplyMemory memory) {
    return over(files, memory, false);
  }

  /** Memory for the replies of an engine, of which so much is kept for the next ones. */
  static ReplyMemory replyMemory(long keptBytesMax) {
    return new ReplyMemory(REPLY_BYTES_MAX, keptBytesMax);
  }

  private static Engine over(Files files, ByteBufAllocator alloc, boolean afresh) {
    return new Engine(
        alloc,
        List.of(Mount3Program.over(files), Nfs3Program.over(files)),
        FURTHER.stream().map(found -> found.over(files, afresh)).toList());
  }

  /** What it serves, whatever the files. */
  static List<ServedProgram> programs() {
    return List.of(
        new ServedProgram(Mount3Program.PROGRAM, Mount3Program.VERSION, Mount3Program.VERSION),
        new ServedProgram(Nfs3Program.PROGRAM, Nfs3Program.VERSION, nfsVersionMax()));
  }

  /** The highest version of NFS that is served. */
  static int nfsVersionMax() {
    int high = FURTHER.stream().mapToInt(FurtherProgram.Provider::nfsVersion).max().orElse(0);
    return Math.max(Nfs3Program.VERSION, high);
  }

  /** What an administrator should know of what is served beyond NFSv3. */
  static Stream<Notice> notices() {
    return FURTHER.stream().flatMap(found -> found.notices().stream());
  }
}
