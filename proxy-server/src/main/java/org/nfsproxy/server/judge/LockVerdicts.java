package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Future;
import java.net.InetAddress;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.locks.LockJudge;
import org.nfsproxy.server.locks.LockVerdict;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.Credential;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squashing;

/** What the rules of an export say to a lock in it. Used on the event loop of locks. */
// As knfsd decides (fs/lockd, fs/nfsd/lockd.c, nfsfh.c): an exclusive lock opens the file for
// writing, any other for reading; what is refused is FAILED, and STALE_FH where the export is
// hidden. The flavor does not count, since a lock manager has no ticket: a Linux client
// locks with AUTH_SYS what it mounted with Kerberos.
public final class LockVerdicts implements LockJudge {
  private static final int NFS_VERSION = 3;
  private static final int STALE_FH = 7;
  private static final int FAILED = 9;

  private final Judge judge;
  private final Exports exports;

  /**
   * Judges by the rules that a judge has.
   *
   * @param exports tells which filesystem a file is in
   */
  public LockVerdicts(Judge judge, Exports exports) {
    this.judge = judge;
    this.exports = exports;
  }

  @Override
  public Future<LockVerdict> judge(
      Call call, ByteBuf record, InetAddress client, Filehandle handle, boolean writes) {
    Credential credential = new Credential();
    if (!Credential.knows(call.flavor()) || !credential.read(call, record)) {
      return Future.succeededFuture(new LockVerdict.BadCredential());
    }
    return parametersOf(handle, client)
        .map(parameters -> verdict(parameters, credential, record, client, writes))
        .otherwise(LockVerdicts::unplaced);
  }

  @Override
  public boolean letsIn(InetAddress client) {
    return judge.rules().letsIn(Peer.plain(ClientAddress.of(client)), NfsVersion.V3);
  }

  // In this order: whoever adopts rules says first that somebody has to look.
  private Future<Parameters> parametersOf(Filehandle handle, InetAddress client) {
    Rules rules = judge.rules();
    Future<?> looked = judge.looked();
    if (rules.isUniform()) {
      return Future.succeededFuture(rules.root());
    }
    if (!looked.isComplete()) {
      return looked.transform(done -> parametersOf(handle, client));
    }
    return exports
        .resolve(handle, NFS_VERSION, new Asker(client))
        .map(export -> parameters(export, rules));
  }

  private static Parameters parameters(Export export, Rules rules) {
    return ExportParameters.of(export, rules);
  }

  private static LockVerdict unplaced(Throwable why) {
    boolean isNo =
        why instanceof NfsStatusException && new PendingLookups.Answer<>(null, why).isNotThere();
    return isNo ? new LockVerdict.Refused(STALE_FH) : new LockVerdict.Unknown();
  }

  private static LockVerdict verdict(
      Parameters parameters,
      Credential credential,
      ByteBuf record,
      InetAddress client,
      boolean writes) {
    Decision decision =
        Decision.ofMount(parameters, Peer.plain(ClientAddress.of(client)), NfsVersion.V3);
    if (decision == Decision.HIDDEN) {
      return new LockVerdict.Refused(STALE_FH);
    }
    if (decision != Decision.ALLOWED || writes && parameters.access() == Access.RO) {
      return new LockVerdict.Refused(FAILED);
    }
    return allowed(credential, record, parameters.squashing());
  }

  private static LockVerdict allowed(Credential credential, ByteBuf record, Squashing squashing) {
    ByteBuf squashed = credential.squash(record, squashing);
    Call call = new Call();
    int from = squashed.readerIndex() + RecordMarking.MARKER_BYTES;
    call.read(squashed, from, squashed.writerIndex());
    byte[] body =
        ByteBufUtil.getBytes(squashed, call.credentialAt(), call.credentialLength(), true);
    if (squashed != record) {
      squashed.release(); // of two parts, the record among them
    }
    return new LockVerdict.Allowed(call.flavor(), body);
  }
}
