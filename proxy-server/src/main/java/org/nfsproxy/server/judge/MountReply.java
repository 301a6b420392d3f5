package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.nfsproxy.nfs.edit.Splice;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.nfs.walk.Parts;
import org.nfsproxy.nfs.walk.ReplyWalk;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;

/** What a client sees of MOUNT's lists (EXPORT, DUMP): the entries whose export it may use. */
record MountReply(Procedure procedure, Rules rules, Caller caller) implements ReplyOpener {

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
    return withoutForbidden(record, walk.parts());
  }

  private ByteBuf withoutForbidden(ByteBuf record, Parts parts) {
    Splice splice = new Splice(record);
    for (int i = 0; i < parts.count(); i++) {
      if (parts.part(i) == Part.ENTRY) {
        int name = lastName(parts, i);
        if (name >= 0 && !mayUse(text(record, parts.at(name), parts.length(name)))) {
          splice.cut(parts.at(i), parts.length(i));
        }
      }
    }
    return splice.end();
  }

  /** An entry's path: in DUMP the client's name stands before it. */
  private static int lastName(Parts parts, int entry) {
    int name = -1;
    int end = parts.at(entry) + parts.length(entry);
    for (int i = entry + 1; i < parts.count() && parts.at(i) < end; i++) {
      if (parts.part(i) == Part.ENTRY) {
        break;
      }
      if (parts.part(i) == Part.NAME) {
        name = i;
      }
    }
    return name;
  }

  private boolean mayUse(String path) {
    Parameters parameters = rules.parameters(ExportPath.of(path), null);
    return Decision.ofMount(parameters, caller.peer(), caller.version()) == Decision.ALLOWED;
  }

  private static String text(ByteBuf record, int at, int length) {
    return record.toString(at, length, StandardCharsets.UTF_8);
  }
}
