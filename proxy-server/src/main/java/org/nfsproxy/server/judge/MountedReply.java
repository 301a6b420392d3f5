package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.edit.RefusedReply;
import org.nfsproxy.nfs.edit.Splice;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.nfs.walk.Parts;
import org.nfsproxy.nfs.walk.ReplyWalk;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.call.NotedObject;
import org.nfsproxy.server.call.NotedOperation;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;

/**
 * What a client sees of MNT's answer: the handle, if it is of an export that it may use, and of the
 * flavors those that this export's parameters allow.
 *
 * @param exports knows which export the handle is in
 * @param family MOUNT1 or MOUNT3
 * @param summary what the call is counted with; null if it is not
 * @param reports is told if the reply is refused
 * @param path what the call named; null if nobody looked at it
 */
// Where exports do not differ in what may be read, every handle may be had. Where they do, the path
// was asked about before the call left, so that its handle is known. Another one means that the
// path leads elsewhere by now. It is not given out before the origin has said where: MNT has no
// "later", so the client is refused, and who tries again is answered.
record MountedReply(
    Exports exports,
    Procedure procedure,
    Family family,
    Rules rules,
    Caller caller,
    @Nullable CallSummary summary,
    RefusalReports reports,
    @Nullable ExportPath path)
    implements ReplyOpener {

  @Override
  public ByteBuf open(ByteBuf record) {
    Reply header = new Reply();
    ReplyWalk walk = new ReplyWalk();
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    if (header.read(record, from, record.writerIndex()) != Reply.Form.RESULTS
        || walk.walk(procedure, record, header.resultsAt(), header.end()) != Outcome.WHOLE
        || walk.status() != NfsStatus.OK) {
      return record;
    }
    Parts parts = walk.parts();
    if (!rules.readsMatter()) {
      return withAllowedFlavors(record, parts, rules.root());
    }
    int handle = parts.find(Part.HANDLE);
    Export export = exportOf(record, parts.at(handle), parts.length(handle));
    if (export == null) {
      return refused(record, NfsStatus.ACCES);
    }
    Parameters parameters = ExportParameters.of(export, rules);
    Decision decision = Decision.ofMount(parameters, caller.peer(), caller.version());
    if (decision != Decision.ALLOWED) {
      int status = decision.statusOfName(family);
      Refusal refusal = Refusal.by(decision, 0, status, export);
      int xid = record.getInt(from);
      reports.reportReply(rules, caller, xid, refusal, summary, this::asked, this::noted);
      return refused(record, status);
    }
    return withAllowedFlavors(record, parts, parameters);
  }

  private String asked() {
    return procedure.name() + (path == null ? "" : Asked.quoted(path.toString()));
  }

  private NotedOperation noted() {
    List<byte[]> names =
        path == null ? List.of() : List.of(path.toString().getBytes(StandardCharsets.UTF_8));
    return new NotedOperation(
        0, procedure.name(), false, List.of(new NotedObject(null, names, false)), null);
  }

  private @Nullable Export exportOf(ByteBuf record, int at, int length) {
    int nfsVersion = family == Family.MOUNT1 ? 2 : 3;
    Export known = exports.find(record, at, length, nfsVersion);
    if (known == null) {
      exports.resolve(Filehandle.copy(record, at, length), nfsVersion);
    }
    return known;
  }

  private ByteBuf refused(ByteBuf record, int status) {
    int xid = record.getInt(record.readerIndex() + RecordMarking.MARKER_BYTES);
    ByteBuf refused = RefusedReply.procedure(record.alloc(), xid, procedure, status);
    record.release();
    return refused;
  }

  private static ByteBuf withAllowedFlavors(ByteBuf record, Parts parts, Parameters parameters) {
    int list = parts.find(Part.FLAVORS);
    if (list < 0) {
      return record;
    }
    int at = parts.at(list);
    int count = record.getInt(at);
    int kept = 0;
    byte[] flavors = new byte[4 + 4 * count];
    for (int i = 0; i < count; i++) {
      int flavor = record.getInt(at + 4 + 4 * i);
      if (allows(parameters, flavor)) {
        kept++;
        put(flavors, kept, flavor);
      }
    }
    put(flavors, 0, kept);
    return new Splice(record)
        .bytes(at, parts.length(list), Arrays.copyOf(flavors, 4 + 4 * kept))
        .end();
  }

  private static boolean allows(Parameters parameters, int flavor) {
    for (Security security : parameters.security()) {
      if (security.pseudoFlavor() == flavor) {
        return true;
      }
    }
    return false;
  }

  private static void put(byte[] words, int word, int value) {
    for (int i = 0; i < 4; i++) {
      words[4 * word + i] = (byte) (value >>> 24 - 8 * i);
    }
  }
}
