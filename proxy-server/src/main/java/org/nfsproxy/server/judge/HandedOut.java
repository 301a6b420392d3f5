package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.RefusedReply;
import org.nfsproxy.nfs.edit.Splice;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.ServerAttributes;
import org.nfsproxy.nfs.walk.Parts;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.Rules;

/**
 * What a reply of NFSv2 or NFSv3 hands out by a name, judged by the export that it turns out to be
 * in: LOOKUP's object, what CREATE and its kin made, the entries of READDIRPLUS.
 *
 * @param exports what replies taught, this one too
 * @param nfsVersion 2 or 3
 * @param directory the export of the call's first handle, which allowed the call; null if it is not
 *     known
 */
// The call itself executes in the directory's filesystem, and that allowed it. So nothing has to be
// asked beforehand, and it does not matter what was under the name a moment ago, or under which of
// several names a filesystem is entered.
//
// A handle is no data: whoever acts on it is judged by it. So an object whose export has no place
// yet, while some rule might refuse it, loses its attributes and keeps its handle. The client asks
// for them by that (GETATTR), which waits until the origin has said where it is.
record HandedOut(
    Exports exports, Rules rules, Caller caller, int nfsVersion, @Nullable Export directory) {
  private static final int PASSES = 0;

  /** Nothing is known that refuses it, nor that allows it. */
  private static final int UNDECIDED = -1;

  private Family family() {
    return nfsVersion == 2 ? Family.NFS2 : Family.NFS3;
  }

  private ServerAttributes shape() {
    return nfsVersion == 2 ? ServerAttributes.NFS2 : ServerAttributes.NFS3;
  }

  /** Whether all of it may pass as it is. */
  boolean passes(ByteBuf record, Parts parts) {
    for (int i = 0; i < parts.count(); ) {
      int end = objectEnd(parts, i);
      if (verdict(record, parts, i, end) != PASSES) {
        return false;
      }
      i = end;
    }
    return true;
  }

  /** Why the object is refused; null if it is not. */
  @Nullable Refusal refusal(ByteBuf record, Parts parts) {
    int status = verdict(record, parts, 0, parts.count());
    int handle = parts.find(Part.HANDLE);
    if (status == PASSES || status == UNDECIDED || handle < 0) {
      return null;
    }
    Export export = exports.find(record, parts.at(handle), parts.length(handle), nfsVersion);
    Decision decision = export == null ? Decision.ALLOWED : decision(export);
    return decision == Decision.ALLOWED ? null : Refusal.by(decision, 0, status, export);
  }

  /** A reply about one object: it, or a refusal of the name. */
  ByteBuf object(ByteBuf record, Procedure procedure, Parts parts) {
    int verdict = verdict(record, parts, 0, parts.count());
    boolean isOptional = nfsVersion != 2;
    if (verdict == PASSES) {
      return record;
    }
    if (verdict == UNDECIDED && isOptional) {
      return withhold(record, parts, false);
    }
    int xid = record.getInt(record.readerIndex() + RecordMarking.MARKER_BYTES);
    int status = verdict == UNDECIDED ? Decision.NO_ACCESS.statusOfName(family()) : verdict;
    ByteBuf refused = RefusedReply.procedure(record.alloc(), xid, procedure, status);
    record.release();
    return refused;
  }

  /** A reply about something that was made, which cannot be refused any more. */
  ByteBuf made(ByteBuf record, Procedure procedure, Parts parts) {
    return nfsVersion == 2 ? object(record, procedure, parts) : withhold(record, parts, true);
  }

  /** A listing: all names, and the rest of those objects that may be had. */
  ByteBuf entries(ByteBuf record, Parts parts) {
    return withhold(record, parts, true);
  }

  private ByteBuf withhold(ByteBuf record, Parts parts, boolean handlesToo) {
    Splice splice = new Splice(record);
    for (int i = 0; i < parts.count(); ) {
      int end = objectEnd(parts, i);
      int verdict = verdict(record, parts, i, end);
      for (int part = i; part < end && verdict != PASSES; part++) {
        if (parts.part(part) == Part.ATTRIBUTES) {
          int at = parts.at(part);
          splice.word(at - 4, 0).cut(at, parts.length(part));
        } else if (parts.part(part) == Part.HANDLE && handlesToo && verdict != UNDECIDED) {
          int lengthAt = parts.at(part) - 4;
          splice.word(lengthAt - 4, 0).cut(lengthAt, 4 + (parts.length(part) + 3 & ~3));
        }
      }
      i = end;
    }
    return splice.end();
  }

  /** Behind the parts of an entry, or of what stands before the first one. */
  private static int objectEnd(Parts parts, int from) {
    int next = parts.find(Part.ENTRY, from + 1, parts.count());
    return next < 0 ? parts.count() : next;
  }

  private int verdict(ByteBuf record, Parts parts, int from, int to) {
    int attributes = parts.find(Part.ATTRIBUTES, from, to);
    int handle = parts.find(Part.HANDLE, from, to);
    if (attributes >= 0 && isOfDirectory(record, parts.at(attributes))) {
      return PASSES;
    }
    if (handle < 0) {
      return attributes < 0 ? PASSES : UNDECIDED;
    }
    Export export = exports.find(record, parts.at(handle), parts.length(handle), nfsVersion);
    return export == null ? UNDECIDED : verdict(export);
  }

  private boolean isOfDirectory(ByteBuf record, int at) {
    return directory != null
        && exports.isNothingNew(
            directory, nfsVersion, shape().fsid(record, at), 0, shape().type(record, at));
  }

  private int verdict(Export export) {
    Decision decision = decision(export);
    if (decision == Decision.ALLOWED) {
      return PASSES;
    }
    return PendingLookups.isPlaced(export) ? decision.statusOfName(family()) : UNDECIDED;
  }

  private Decision decision(Export export) {
    return Decision.of(
        ExportParameters.of(export, rules),
        caller.peer(),
        caller.security(),
        caller.version(),
        false);
  }
}
