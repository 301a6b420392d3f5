package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Effect;
import org.nfsproxy.nfs.table.Lookup;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.call.NotedOperation;
import org.nfsproxy.server.call.Noting;
import org.nfsproxy.server.metrics.OperationRows;
import org.nfsproxy.server.policy.Credential;
import org.nfsproxy.server.policy.Security;

/**
 * Reads what a call asks for, where somebody wants to be told of it, from the walks that have been
 * over it: as its client sent it, before anything is changed in it.
 */
// What changes files, what is a name and what a filehandle, how an operation moves the current and
// the saved one: all of it stands in the tables. A call that nobody wants costs a look at a number.
final class CallNotes {
  private static final int NULL = 0;

  private CallNotes() {}

  /** A call whose header and credential have been read, if all calls of its client are wanted. */
  static void begin(CallSummary summary, Call call, Credential credential, ByteBuf record) {
    if ((summary.noting() & Noting.ALL) != 0) {
      summary.note(header(summary, call, credential, record));
    }
  }

  private static CallNote header(
      CallSummary summary, Call call, Credential credential, ByteBuf record) {
    OperationRows.Row row = OperationRows.words(summary.row());
    Security security = credential.security();
    return new CallNote(
        call.xid(),
        row.program(),
        row.version(),
        security == null ? "other" : security.word(),
        credential.user(record),
        credential.group(record),
        call.flavor() == AuthFlavor.RPCSEC_GSS);
  }

  private static CallNote note(
      CallSummary summary, Call call, Credential credential, ByteBuf record) {
    CallNote known = summary.note();
    if (known != null) {
      return known;
    }
    CallNote made = header(summary, call, credential, record);
    summary.note(made);
    return made;
  }

  /** A procedure whose arguments have been read. */
  static void procedure(
      @Nullable CallSummary summary,
      Procedure procedure,
      Call call,
      Credential credential,
      ArgumentsWalk arguments,
      ByteBuf record) {
    if (summary != null && wants(summary.noting(), arguments.writes())) {
      note(summary, call, credential, record).add(operation(procedure, arguments, record));
    }
  }

  private static boolean wants(int noting, boolean writes) {
    return (noting & Noting.ALL) != 0 || writes && (noting & Noting.CHANGES) != 0;
  }

  /**
   * A COMPOUND whose operations have been read.
   *
   * @param hasUnknown whether one stands behind them that no table has, and that may do anything
   */
  static void compound(
      @Nullable CallSummary summary,
      Call call,
      Credential credential,
      CompoundWalk<Nfs4> walk,
      boolean hasUnknown,
      ByteBuf record) {
    if (summary == null || summary.noting() == Noting.NOTHING) {
      return;
    }
    boolean wantsAll = (summary.noting() & Noting.ALL) != 0;
    if (!wantsAll && !wants(summary.noting(), hasUnknown || changes(walk))) {
      return;
    }
    CallNote note = note(summary, call, credential, record);
    NotedPlaces places = new NotedPlaces();
    for (int i = 0; i < walk.count(); i++) {
      if (wantsAll || walk.writes(i)) {
        note.add(operation(walk, i, places, record));
      }
      places.move(walk, i, record);
    }
    if (hasUnknown) {
      String name = "operation " + Integer.toUnsignedString(walk.unknownNumber());
      note.add(new NotedOperation(walk.count(), name, true, List.of(), null));
    }
  }

  /** A COMPOUND of a minor version that no table has: any of its operations may do anything. */
  static void unknownMinor(
      @Nullable CallSummary summary, Call call, Credential credential, ByteBuf record) {
    if (summary != null && wants(summary.noting(), true)) {
      note(summary, call, credential, record).add(sealed(call));
    }
  }

  private static boolean changes(CompoundWalk<Nfs4> walk) {
    for (int i = 0; i < walk.count(); i++) {
      if (walk.writes(i)) {
        return true;
      }
    }
    return false;
  }

  /** A call under RPCSEC_GSS, of which nothing is read behind the header. */
  static void sealed(
      @Nullable CallSummary summary, Call call, Credential credential, ByteBuf record) {
    if (summary == null || summary.noting() == Noting.NOTHING || call.procedure() == NULL) {
      return;
    }
    NotedOperation operation = sealed(call);
    int wanted = Noting.ALL | (operation.changes() ? Noting.UNREADABLE : Noting.NOTHING);
    if ((summary.noting() & wanted) != 0) {
      note(summary, call, credential, record).add(operation);
    }
  }

  /** What the header alone tells: the procedure, and whether it may change files. */
  static NotedOperation sealed(Call call) {
    if (Programs.find(call.program(), call.version(), call.procedure())
        instanceof Lookup.Found found) {
      Procedure procedure = found.procedure();
      return new NotedOperation(0, procedure.name(), mayChange(procedure), List.of(), null);
    }
    return new NotedOperation(
        0, "procedure " + Integer.toUnsignedString(call.procedure()), true, List.of(), null);
  }

  private static boolean mayChange(Procedure procedure) {
    return procedure.isCompound()
        || procedure.effect().writes()
        || procedure.effect() == Effect.AS_ASKED;
  }

  /** A refused call's note, made if there is none. */
  static @Nullable CallNote refused(
      @Nullable CallSummary summary, Call call, Credential credential, ByteBuf record) {
    return summary == null || (summary.noting() & (Noting.REFUSALS | Noting.ALL)) == 0
        ? null
        : note(summary, call, credential, record);
  }

  /** The note of a call whose reply is refused, made if there is none. */
  // The credential is not at hand any more; what is known of the caller is in its summary.
  static @Nullable CallNote refusedReply(CallSummary summary, Caller caller, int xid) {
    if ((summary.noting() & (Noting.REFUSALS | Noting.ALL)) == 0) {
      return null;
    }
    CallNote known = summary.note();
    if (known == null) {
      OperationRows.Row row = OperationRows.words(summary.row());
      Security security = caller.security();
      known =
          new CallNote(
              xid,
              row.program(),
              row.version(),
              security == null ? "other" : security.word(),
              summary.user(),
              CallNote.NO_GROUP,
              false);
      summary.note(known);
    }
    return known;
  }

  /** What a procedure asks for. */
  static NotedOperation operation(Procedure procedure, ArgumentsWalk arguments, ByteBuf record) {
    List<NotedPlaces.Place> places = new ArrayList<>(2);
    for (int i = 0; i < arguments.handles(); i++) {
      places.add(NotedPlaces.Place.at(record, arguments.handleAt(i), arguments.handleLength(i)));
    }
    if (places.isEmpty() && arguments.names() > 0) {
      places.add(NotedPlaces.Place.root());
    }
    // The last name is in the last place: LINK's, and the second of RENAME.
    for (int i = 0; i < arguments.names(); i++) {
      int place = Math.max(0, places.size() - arguments.names() + i);
      places.get(place).step(record, arguments.nameAt(i), arguments.nameLength(i));
    }
    return new NotedOperation(
        0, procedure.name(), arguments.writes(), NotedPlaces.objects(places), null);
  }

  /** What an operation of a COMPOUND asks for, where the registers point to now. */
  static NotedOperation operation(
      CompoundWalk<Nfs4> walk, int i, NotedPlaces places, ByteBuf record) {
    Nfs4 operation = walk.operation(i);
    List<NotedPlaces.Place> acted = places.actedOn(walk, i, record);
    int last = acted.size() - 1;
    if (walk.nameAt(i) >= 0 && last >= 0) {
      boolean hasTwo = walk.lastNameAt(i) != walk.nameAt(i);
      if (hasTwo && last > 0) {
        acted.get(last - 1).step(record, walk.nameAt(i), walk.nameLength(i));
      }
      acted.get(last).step(record, walk.lastNameAt(i), walk.lastNameLength(i));
    }
    return new NotedOperation(
        i,
        operation.name(),
        walk.writes(i),
        NotedPlaces.objects(acted),
        attribute(walk, i, record));
  }

  /** The same of a COMPOUND that is not followed from its beginning. */
  static NotedOperation operation(CompoundWalk<Nfs4> walk, int operation, ByteBuf record) {
    if (operation >= walk.count()) {
      return new NotedOperation(operation, Nfs4.ILLEGAL.name(), false, List.of(), null);
    }
    NotedPlaces places = new NotedPlaces();
    for (int i = 0; i < operation; i++) {
      places.move(walk, i, record);
    }
    return operation(walk, operation, places, record);
  }

  private static byte @Nullable [] attribute(CompoundWalk<Nfs4> walk, int i, ByteBuf record) {
    int part = walk.find(i, Part.XATTR);
    return part < 0
        ? null
        : ByteBufUtil.getBytes(
            record,
            walk.parts().at(part),
            Math.min(NotedPlaces.NAME_BYTES_MAX, walk.parts().length(part)));
  }
}
