package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.nfsproxy.nfs.NfsStatus;
import org.nfsproxy.nfs.Outcome;
import org.nfsproxy.nfs.Part;
import org.nfsproxy.nfs.Parts;
import org.nfsproxy.nfs.Procedure;
import org.nfsproxy.nfs.ReplyWalk;
import org.nfsproxy.nfs.Splice;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.listen.ReplyOpener;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;

/**
 * What a client sees of MOUNT's answers: of the lists (EXPORT, DUMP) the entries whose export it
 * may use, of MNT's flavors those that the export's parameters allow.
 *
 * @param procedure the call's row
 * @param rules the rules in force
 * @param caller who asked
 * @param mounted the path of a MNT; null for a list
 */
record MountReply(Procedure procedure, Rules rules, Caller caller, String mounted)
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
    return mounted == null
        ? withoutForbidden(record, walk.parts())
        : withAllowedFlavors(record, walk.parts());
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
    return Decision.ofMount(parameters, caller.comparable(), caller.version()) == Decision.ALLOWED;
  }

  private ByteBuf withAllowedFlavors(ByteBuf record, Parts parts) {
    int list = parts.find(Part.FLAVORS);
    if (list < 0) {
      return record;
    }
    Parameters parameters = rules.parameters(ExportPath.of(mounted), null);
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

  private static String text(ByteBuf record, int at, int length) {
    return record.toString(at, length, StandardCharsets.UTF_8);
  }
}
