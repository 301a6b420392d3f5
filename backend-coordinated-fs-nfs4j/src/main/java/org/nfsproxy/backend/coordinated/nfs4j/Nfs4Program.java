package org.nfsproxy.backend.coordinated.nfs4j;

import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dcache.nfs.v4.NFSv4StateHandler;
import org.nfsproxy.backend.coordinated.engine.FurtherProgram;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure;
import org.nfsproxy.backend.coordinated.engine.Program;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.namespace.RootedFiles;

/** NFS version 4 over files: its state, all of which lives in this process, and its procedures. */
final class Nfs4Program implements FurtherProgram {
  private static final Logger LOG = LoggerFactory.getLogger(Nfs4Program.class);

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

  private static final long LOOK_MILLIS = 1_000;

  private final NFSv4StateHandler state;
  private final ScheduledExecutorService watch;
  private final Program program;

  Nfs4Program(Files files, boolean afresh) {
    Grace grace = new Grace(afresh ? Duration.ZERO : LEASE);
    int instance = new SecureRandom().nextInt(INSTANCE_IDS);
    state = new NFSv4StateHandler(LEASE, instance, grace, new Clients());
    Leases leases = new Leases(state::getClients, state::removeClient, System::currentTimeMillis);
    watch = Executors.newSingleThreadScheduledExecutor(Nfs4Program::thread);
    watch.scheduleWithFixedDelay(
        () -> endSilent(leases), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    CompoundExecution compound = new CompoundExecution(RootedFiles.over(files), state, leases);
    program = new Program(PROGRAM, VERSION, List.of(ExecutableProcedure.NULL, compound::read));
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "nfs4-leases");
    thread.setDaemon(true);
    return thread;
  }

  /** A fault must not end the watch. */
  private static void endSilent(Leases leases) {
    try {
      leases.endSilent();
    } catch (RuntimeException fault) {
      LOG.error("leases", fault);
    }
  }

  @Override
  public Program program() {
    return program;
  }

  @Override
  public void close() {
    watch.shutdownNow();
    try {
      state.shutdown();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
