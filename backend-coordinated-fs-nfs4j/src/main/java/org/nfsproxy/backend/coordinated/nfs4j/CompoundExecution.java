package org.nfsproxy.backend.coordinated.nfs4j;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.CompoundContextBuilder;
import org.dcache.nfs.v4.NFSv4StateHandler;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_impl_id4;
import org.dcache.nfs.v4.xdr.nfs_opnum4;
import org.dcache.nfs.v4.xdr.nfs_resop4;
import org.dcache.nfs.v4.xdr.nfstime4;
import org.dcache.nfs.v4.xdr.utf8str_cis;
import org.dcache.nfs.v4.xdr.utf8str_cs;
import org.dcache.nfs.v4.xdr.verifier4;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.xdr.Xdr;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.namespace.RootedFiles;
import org.nfsproxy.backend.coordinated.nfs3.Nfs3Program;
import org.nfsproxy.backend.coordinated.nfs4j.operations.CallerFiles;
import org.nfsproxy.backend.coordinated.nfs4j.operations.Operations;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Position;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** COMPOUND, RFC 8881 section 16.2: operations one after the other, until one fails. */
// nfs4j's own loop (NFSServerV41) is not used: it puts a filesystem of nfs4j's before the files,
// which has a header of its own in each filehandle, and it answers what breaks the rules of
// sessions without the operation that broke them. nfs4j decodes, executes and encodes single
// operations here; the walk has seen before that each is whole, so no length in it is too large.
//
// Calls of a connection may be executed at once and in any order: from 4.1 on a slot has one call
// at a time, and a client of 4.0 has one for each owner (RFC 7530 section 9.1.7).
final class CompoundExecution {
  private static final Logger LOG = LoggerFactory.getLogger(CompoundExecution.class);

  private static final int MINOR_VERSION_MAX = 1;

  /** nfs4j's own bound on a session. */
  private static final int OPERATIONS_MAX = 128;

  private static final int INITIAL_BYTES = 1024;

  /** Operations whose results may be as long as a transfer. */
  private static final Set<Nfs4> LONG = EnumSet.of(Nfs4.READ, Nfs4.READDIR);

  /** One of them, and what stands around it. */
  private static final int LONG_RESULTS_BYTES = Nfs3Program.TRANSFER_BYTES_MAX + 2048;

  private final RootedFiles files;
  private final NFSv4StateHandler state;
  private final Leases leases;
  private final Operations operations = new Operations();
  private final ByteRangeLocks locks = new ByteRangeLocks();
  private final SecurityOffered security = new SecurityOffered();
  private final SlotReplies replies = new SlotReplies();
  private final nfs_impl_id4 implementation = implementation();

  CompoundExecution(RootedFiles files, NFSv4StateHandler state, Leases leases) {
    this.files = files;
    this.state = state;
    this.leases = leases;
  }

  private static nfs_impl_id4 implementation() {
    nfs_impl_id4 id = new nfs_impl_id4();
    id.nii_domain = new utf8str_cis("");
    id.nii_name = new utf8str_cs("nfs-proxy");
    id.nii_date = new nfstime4(0);
    return id;
  }

  /** A {@link ExecutableProcedure}. */
  ExecutableProcedure.Execution read(UserIds caller, XdrReader arguments) {
    ByteBuf record = arguments.buffer();
    int from = arguments.position();
    CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();
    Outcome outcome = walk.walk(record, from, from + arguments.remaining(), OPERATIONS_MAX);
    if (outcome == Outcome.GARBAGE) {
      throw new XdrException("a COMPOUND that is not whole");
    }
    ExecutableProcedure.Execution execution = results -> new Run(caller, record, walk, outcome).into(results);
    return isLong(walk) ? execution.withRoom(LONG_RESULTS_BYTES) : execution;
  }

  /** Whether the results may be as long as a transfer: then they need room before they are made. */
  private static boolean isLong(CompoundWalk<Nfs4> walk) {
    for (int i = 0; i < walk.count(); i++) {
      if (LONG.contains(walk.operation(i))) {
        return true;
      }
    }
    return false;
  }

  /** One COMPOUND. */
  private final class Run {
    private final UserIds caller;
    private final ByteBuf record;
    private final CompoundWalk<Nfs4> walk;
    private final Outcome outcome;
    private final List<nfs_resop4> done = new ArrayList<>();
    private int status = nfsstat.NFS_OK;

    Run(UserIds caller, ByteBuf record, CompoundWalk<Nfs4> walk, Outcome outcome) {
      this.caller = caller;
      this.record = record;
      this.walk = walk;
      this.outcome = outcome;
    }

    void into(XdrWriter results) {
      leases.look();
      if (outcome == Outcome.UNKNOWN_MINOR || walk.minorVersion() > MINOR_VERSION_MAX) {
        status = nfsstat.NFSERR_MINOR_VERS_MISMATCH;
      } else if (outcome == Outcome.TOO_MANY_OPERATIONS) {
        status = walk.minorVersion() == 0 ? nfsstat.NFSERR_RESOURCE : nfsstat.NFSERR_TOO_MANY_OPS;
      } else if (walk.minorVersion() == 0 || walk.announced() == 0) {
        execute(0, context());
      } else {
        inSession(results);
        return;
      }
      write(results);
    }

    private CompoundContext context() {
      RpcAuthTypeUnix credential =
          new RpcAuthTypeUnix(caller.uid(), caller.gid(), caller.gids(), 0, "");
      return new CompoundContextBuilder()
          .withMinorversion(walk.minorVersion())
          .withFs(new CallerFiles(files, caller))
          .withStateHandler(state)
          .withLockManager(locks)
          .withExportTable(security)
          .withRebootVerifier(verifier4.valueOf(files.writeVerifier()))
          .withImplementationId(implementation)
          .withCall(new RpcCall(0, 0, 0, 0, credential, null, NoTransport.NONE))
          .withoutPnfs()
          .build();
    }

    /** Minor version 1: a slot of a session, or one of the few operations that need none. */
    private void inSession(XdrWriter results) {
      Position place = walk.count() == 0 ? Position.ANYWHERE : walk.operation(0).place();
      if (place != Position.FIRST) {
        boolean fits = place != Position.ANYWHERE;
        if (fits && walk.announced() == 1) {
          execute(0, context());
        } else {
          fail(0, fits ? nfsstat.NFSERR_NOT_ONLY_OP : nfsstat.NFSERR_OP_NOT_IN_SESSION);
        }
        write(results);
        return;
      }
      ByteBuffer slot = slot();
      if (!replies.begin(slot)) {
        fail(0, nfsstat.NFSERR_DELAY); // a retry of what is still being executed
        write(results);
        return;
      }
      try {
        inSlot(results);
      } finally {
        replies.end(slot);
      }
    }

    private ByteBuffer slot() {
      try {
        return SlotReplies.name(decode(0).opsequence);
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }

    private void inSlot(XdrWriter results) {
      CompoundContext context = context();
      if (!executeOne(0, context)) {
        write(results);
        return;
      }
      if (context.getCache() != null) {
        retried(context, results);
        return;
      }
      replies.forget(context.getSessionSlot());
      if (walk.announced() > context.getSession().getMaxOps()) {
        fail(1, nfsstat.NFSERR_TOO_MANY_OPS);
      } else {
        execute(1, context);
      }
      int from = results.buffer().writerIndex();
      write(results);
      if (context.cacheThis()) {
        int length = results.buffer().writerIndex() - from;
        replies.keep(
            context.getSessionSlot(), ByteBufUtil.getBytes(results.buffer(), from, length, true));
      }
    }

    private void retried(CompoundContext context, XdrWriter results) {
      Optional<byte[]> kept = replies.of(context.getSessionSlot());
      if (kept.isPresent()) {
        results.buffer().writeBytes(kept.get());
        return;
      }
      if (walk.announced() > 1) {
        fail(1, nfsstat.NFSERR_RETRY_UNCACHED_REP);
      }
      write(results);
    }

    private void execute(int from, CompoundContext context) {
      for (int at = from; at < walk.count(); at++) {
        boolean outOfPlace = at > 0 && mayNotFollow(walk.operation(at).place());
        if (outOfPlace) {
          fail(
              at,
              walk.operation(at).place() == Position.FIRST
                  ? nfsstat.NFSERR_SEQUENCE_POS
                  : nfsstat.NFSERR_NOT_ONLY_OP);
          return;
        }
        if (!executeOne(at, context)) {
          return;
        }
      }
      if (outcome == Outcome.UNKNOWN_OPERATION) {
        add(nfs_resop4.resopFor(nfs_opnum4.OP_ILLEGAL), nfsstat.NFSERR_OP_ILLEGAL);
      }
    }

    private boolean mayNotFollow(Position place) {
      return place == Position.FIRST || place == Position.ALONE;
    }

    private boolean executeOne(int at, CompoundContext context) {
      try {
        nfs_resop4 result = operations.execute(context, decode(at));
        add(result, result.getStatus());
      } catch (IOException | RuntimeException fault) {
        LOG.error("operation " + walk.operation(at), fault);
        fail(at, nfsstat.NFSERR_SERVERFAULT);
      }
      return status == nfsstat.NFS_OK;
    }

    private nfs_argop4 decode(int at) throws IOException {
      byte[] bytes = ByteBufUtil.getBytes(record, walk.at(at), walk.end(at) - walk.at(at), true);
      Xdr xdr = new Xdr(bytes);
      xdr.beginDecoding();
      return new nfs_argop4(xdr);
    }

    private void fail(int at, int why) {
      int number = at < walk.count() ? walk.operation(at).number() : nfs_opnum4.OP_ILLEGAL;
      add(nfs_resop4.resopFor(number), why);
    }

    private void add(nfs_resop4 result, int why) {
      result.setStatus(why);
      done.add(result);
      status = why;
    }

    private void write(XdrWriter results) {
      results.int32(status);
      ByteBuf out = results.buffer();
      results.opaque(ByteBufUtil.getBytes(record, walk.tagAt(), walk.tagLength(), true));
      results.int32(done.size());
      for (nfs_resop4 result : done) {
        encode(result, out);
      }
    }

    private void encode(nfs_resop4 result, ByteBuf out) {
      Xdr xdr = new Xdr(INITIAL_BYTES);
      xdr.beginEncoding();
      try {
        result.xdrEncode(xdr);
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
      xdr.endEncoding();
      out.writeBytes(xdr.asBuffer().toByteBuffer());
    }
  }
}
