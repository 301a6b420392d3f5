package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.edit.GrantedAccess;
import org.nfsproxy.nfs.table.HandlesOut;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.ServerAttributes;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
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
import org.nfsproxy.server.exports.HandleFrom;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;

/**
 * Learns from a reply of NFSv2, NFSv3 or NFS_ACL which filesystems the handles in it, and the one
 * that was asked about, are of; and from a LOOKUP that led into another filesystem, where that is
 * mounted. Then, if rules are given, it takes out of the reply what they refuse: see {@link
 * HandedOut} and {@link GrantedAccess}.
 */
// The last is the only way for an origin without NFSv4: LOOKUP ".." stays below a mount point.
//
// There is one of these for each LOOKUP in flight where exports differ, so it is small: of the call
// it keeps the export, and in one array the handle with the name behind it, which only the rare
// reply makes use of.
//
// Most replies say nothing new, or of a file what its directory is known to be in. That is settled
// in passing; the rest, in which a filesystem is new, a mount point is crossed or something is
// refused, on a worker. What ACCESS grants is taken back in passing too: that changes one word.
final class ProcedureReplyLearner implements ReplyOpener {
  private final Exports exports;
  private final Procedure procedure;
  private final @Nullable Export known;
  private final @Nullable Rules rules;
  private final Caller caller;
  private final @Nullable CallSummary summary;
  private final RefusalReports reports;
  private final byte[] call;
  private final byte nfsVersion;
  private final byte handleLength;
  private final boolean hasName;

  /**
   * A learner.
   *
   * @param nfsVersion 2 or 3
   * @param known the export that the first handle in the call is known to be in; null if it is not
   * @param rules what the reply is held to; null for nothing
   * @param summary is told the export, if only the reply tells it, and that the reply is refused;
   *     null for nobody
   * @param reports is told if the reply is refused
   * @param arguments what was found in the call, a handle at least
   */
  ProcedureReplyLearner(
      Exports exports,
      Procedure procedure,
      int nfsVersion,
      @Nullable Export known,
      @Nullable Rules rules,
      Caller caller,
      @Nullable CallSummary summary,
      RefusalReports reports,
      ArgumentsWalk arguments,
      ByteBuf record) {
    this.exports = exports;
    this.procedure = procedure;
    this.known = known;
    this.rules = rules;
    this.caller = caller;
    this.summary = summary;
    this.reports = reports;
    this.nfsVersion = (byte) nfsVersion;
    this.handleLength = (byte) arguments.handleLength(0);
    this.hasName =
        procedure.handlesOut() == HandlesOut.OBJECT
            && arguments.names() > 0
            && arguments.nameLength(0) <= Way.NAME_BYTES_MAX;
    int nameLength = hasName ? arguments.nameLength(0) : 0;
    this.call = new byte[handleLength + nameLength];
    record.getBytes(arguments.handleAt(0), call, 0, handleLength);
    if (hasName) {
      record.getBytes(arguments.nameAt(0), call, handleLength, nameLength);
    }
  }

  @Override
  public ByteBuf open(ByteBuf record) {
    Parts parts = read(record, record.readerIndex(), record.writerIndex());
    if (parts == null) {
      return record;
    }
    learn(record, parts, false);
    learnPlace(record, parts, false);
    tellExport();
    return rules == null ? record : held(record, parts, rules);
  }

  @Override
  public boolean readsInPassing(ByteBuf bytes, int from, int to) {
    Parts parts = read(bytes, from, to);
    if (parts == null) {
      return true;
    }
    boolean isLearnt = learn(bytes, parts, true) && learnPlace(bytes, parts, true);
    if (isLearnt) {
      tellExport();
    }
    return isLearnt && (rules == null || passes(bytes, parts, rules));
  }

  private void tellExport() {
    if (summary != null && known == null) {
      Export learnt = exports.likely(Unpooled.wrappedBuffer(call), 0, handleLength, nfsVersion);
      if (learnt != null) {
        summary.at(learnt.number());
      }
    }
  }

  /** What is in a reply that says that it worked; null for any other. */
  private @Nullable Parts read(ByteBuf bytes, int from, int to) {
    ReplyScratch scratch = ReplyScratch.mine();
    Reply header = scratch.header;
    ReplyWalk walk = scratch.procedure;
    int messageAt = from + RecordMarking.MARKER_BYTES;
    boolean isRead =
        header.read(bytes, messageAt, to) == Reply.Form.RESULTS
            && walk.walk(procedure, bytes, header.resultsAt(), header.end()) == Outcome.WHOLE
            && walk.status() == NfsStatus.OK;
    return isRead ? walk.parts() : null;
  }

  private boolean passes(ByteBuf bytes, Parts parts, Rules rules) {
    int granted = parts.find(Part.GRANTED);
    if (granted >= 0) {
      return !mayOnlyRead(rules) || GrantedAccess.takeBackWrites(bytes, parts.at(granted));
    }
    return handedOut(rules).passes(bytes, parts);
  }

  private ByteBuf held(ByteBuf record, Parts parts, Rules rules) {
    int granted = parts.find(Part.GRANTED);
    if (granted >= 0) {
      return mayOnlyRead(rules) ? withoutWrites(record, parts.at(granted)) : record;
    }
    return switch (procedure.handlesOut()) {
      case OBJECT -> object(record, parts, rules);
      case NEW_OBJECT -> handedOut(rules).made(record, procedure, parts);
      case ENTRIES -> handedOut(rules).entries(record, parts);
      default -> record;
    };
  }

  private ByteBuf object(ByteBuf record, Parts parts, Rules rules) {
    HandedOut handedOut = handedOut(rules);
    Refusal refusal = handedOut.refusal(record, parts);
    if (refusal != null) {
      int xid = record.getInt(record.readerIndex() + RecordMarking.MARKER_BYTES);
      reports.reportReply(rules, caller, xid, refusal, summary, this::asked, this::noted);
    }
    return handedOut.object(record, procedure, parts);
  }

  private String asked() {
    String name = hasName ? Asked.quoted(Arrays.copyOfRange(call, handleLength, call.length)) : "";
    return "NFSv" + nfsVersion + " " + procedure.name() + name;
  }

  private NotedOperation noted() {
    NotedPlaces.Place place = NotedPlaces.Place.at(Unpooled.wrappedBuffer(call), 0, handleLength);
    if (hasName) {
      place.step(Unpooled.wrappedBuffer(call), handleLength, call.length - handleLength);
    }
    List<NotedObject> objects = NotedPlaces.objects(List.of(place));
    return new NotedOperation(0, procedure.name(), procedure.effect().writes(), objects, null);
  }

  private static ByteBuf withoutWrites(ByteBuf record, int grantedAt) {
    ByteBuf writable = GrantedAccess.writable(record);
    GrantedAccess.takeBackWrites(writable, grantedAt);
    return writable;
  }

  // Learning has looked at the handle's attributes, so only a reply without them leaves it unknown.
  private boolean mayOnlyRead(Rules rules) {
    Export export =
        known == null
            ? exports.likely(Unpooled.wrappedBuffer(call), 0, handleLength, nfsVersion)
            : known;
    Parameters parameters = export == null ? rules.ofUnseen() : ExportParameters.of(export, rules);
    return parameters.access() != Access.RW;
  }

  private HandedOut handedOut(Rules rules) {
    return new HandedOut(exports, rules, caller, nfsVersion, known);
  }

  // An object's attributes stand behind its handle, or in READDIRPLUS before it, in one entry.
  private boolean learn(ByteBuf record, Parts parts, boolean atOnce) {
    int handle = -1;
    int attributes = -1;
    for (int i = 0; i < parts.count(); i++) {
      Part part = parts.part(i);
      if (part == Part.ENTRY) {
        handle = -1;
        attributes = -1;
      } else if (part == Part.HANDLE) {
        handle = i;
      } else if (part == Part.ATTRIBUTES) {
        attributes = i;
      } else if (part == Part.FIRST_ATTRIBUTES && !tellOfAsked(record, parts.at(i), atOnce)) {
        return false;
      }
      if (handle >= 0 && attributes >= 0) {
        if (!tell(
            HandleFrom.REPLY,
            record,
            parts.at(handle),
            parts.length(handle),
            record,
            parts.at(attributes),
            atOnce)) {
          return false;
        }
        handle = -1;
        attributes = -1;
      }
    }
    return true;
  }

  private boolean learnPlace(ByteBuf record, Parts parts, boolean atOnce) {
    int handle = parts.find(Part.HANDLE);
    int child = parts.find(Part.ATTRIBUTES);
    int directory = parts.find(Part.FIRST_ATTRIBUTES);
    if (!hasName || handle < 0 || child < 0 || directory < 0) {
      return true;
    }
    int childAt = parts.at(child);
    long fsid = shape().fsid(record, childAt);
    if (fsid == shape().fsid(record, parts.at(directory))) {
      return true;
    }
    if (!atOnce) {
      ObjectIdentity identity =
          new ObjectIdentity(
              fsid, 0, shape().fileid(record, childAt), shape().type(record, childAt));
      Filehandle found = Filehandle.copy(record, parts.at(handle), parts.length(handle));
      byte[] name = Arrays.copyOfRange(call, handleLength, call.length);
      exports.learnChild(directory(), name, found, nfsVersion, identity);
    }
    return !atOnce;
  }

  private Filehandle directory() {
    return Filehandle.copy(Unpooled.wrappedBuffer(call), 0, handleLength);
  }

  private ServerAttributes shape() {
    return nfsVersion == 2 ? ServerAttributes.NFS2 : ServerAttributes.NFS3;
  }

  private boolean tellOfAsked(ByteBuf record, int attributesAt, boolean atOnce) {
    if (known != null) {
      long fsid = shape().fsid(record, attributesAt);
      if (exports.isNothingNew(known, nfsVersion, fsid, 0, shape().type(record, attributesAt))) {
        return true;
      }
    }
    ByteBuf asked = Unpooled.wrappedBuffer(call);
    return tell(HandleFrom.CALL, asked, 0, handleLength, record, attributesAt, atOnce);
  }

  private boolean tell(
      HandleFrom from,
      ByteBuf bytes,
      int at,
      int length,
      ByteBuf record,
      int attributesAt,
      boolean atOnce) {
    long fsid = shape().fsid(record, attributesAt);
    int type = shape().type(record, attributesAt);
    if (atOnce) {
      return exports.learnAtOnce(from, bytes, at, length, nfsVersion, fsid, 0, type);
    }
    exports.learn(from, bytes, at, length, nfsVersion, fsid, 0, type);
    return true;
  }
}
