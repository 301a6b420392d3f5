package org.nfsproxy.backend.coordinated.nfs4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.dcache.nfs.v4.NFSv4StateHandler;
import org.nfsproxy.backend.coordinated.engine.FurtherProgram;
import org.nfsproxy.backend.coordinated.engine.Procedure;
import org.nfsproxy.backend.coordinated.engine.Program;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.namespace.RootedFiles;

/** NFS version 4 over files: its state, all of which lives in this process, and its procedures. */
final class Nfs4 implements FurtherProgram {
  private static final int PROGRAM = 100003;
  static final int VERSION = 4;

  /**
   * How long a client may be silent before it loses its locks, and how long it has to reclaim them
   * after a start. Linux's nfsd has 90 s; while clients reclaim, nobody else opens a file, so this
   * is also how long opens wait after a start.
   */
  private static final Duration LEASE = Duration.ofSeconds(30);

  /**
   * nfs4j makes client ids of the second, this number and a counter. With a random one, two
   * instances that are mounted in the same second do not take each other's clients for their own.
   * More bits would reach into the second.
   */
  private static final int INSTANCE_IDS = 1 << 15;

  private final NFSv4StateHandler state;
  private final Program program;

  Nfs4(Files files, boolean afresh) {
    Grace grace = new Grace(afresh ? Duration.ZERO : LEASE);
    state = new NFSv4StateHandler(LEASE, new SecureRandom().nextInt(INSTANCE_IDS), grace);
    Compound compound = new Compound(RootedFiles.over(files), state);
    program = new Program(PROGRAM, VERSION, List.of(Procedure.NULL, compound::read));
  }

  @Override
  public Program program() {
    return program;
  }

  @Override
  public void close() {
    try {
      state.shutdown();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
