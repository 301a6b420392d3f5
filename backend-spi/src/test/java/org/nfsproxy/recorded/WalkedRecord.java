package org.nfsproxy.recorded;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.nfs.ArgumentsWalk;
import org.nfsproxy.nfs.Attribute4;
import org.nfsproxy.nfs.AttributeWalk;
import org.nfsproxy.nfs.CompoundOperation;
import org.nfsproxy.nfs.CompoundReplyWalk;
import org.nfsproxy.nfs.CompoundWalk;
import org.nfsproxy.nfs.Lookup;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.nfs.Nfs4CallbackProcedure;
import org.nfsproxy.nfs.Operation;
import org.nfsproxy.nfs.OperationsFound;
import org.nfsproxy.nfs.Outcome;
import org.nfsproxy.nfs.Parts;
import org.nfsproxy.nfs.Procedure;
import org.nfsproxy.nfs.Programs;
import org.nfsproxy.nfs.ReplyWalk;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Reply;

/** What the walks find in a record, in the terms of a recording. */
final class WalkedRecord {
  /** Callbacks come to a program that the client chooses; the Linux client takes this one. */
  static final int CALLBACK_PROGRAM = 0x4000_0000;

  private static final int OPERATIONS_MAX = 100;

  final List<List<Object>> operations = new ArrayList<>();
  final List<List<Object>> handles = new ArrayList<>();
  final List<List<Object>> names = new ArrayList<>();
  final List<List<Object>> entries = new ArrayList<>();
  final List<List<Object>> attributes = new ArrayList<>();
  final List<Object> fattr3 = new ArrayList<>();
  final List<Operation> rows = new ArrayList<>();
  Object form;
  Outcome outcome;
  int status;
  int minor;

  /** Behind the last byte that was read. */
  int end;

  /**
   * The row of a call.
   *
   * @return null if the tables do not have it
   */
  static Procedure procedure(Recording.Recorded call) {
    return procedure(call.number("program"), call.number("version"), call.number("procedure"));
  }

  static Procedure procedure(int program, int version, int procedure) {
    Lookup found =
        program == CALLBACK_PROGRAM
            ? Programs.findCallback(version, procedure)
            : Programs.find(program, version, procedure);
    return found instanceof Lookup.Found row ? row.procedure() : null;
  }

  static WalkedRecord call(ByteBuf message) {
    WalkedRecord walked = new WalkedRecord();
    Call call = new Call();
    walked.form = call.read(message, 0, message.writerIndex());
    Procedure row = procedure(call.program(), call.version(), call.procedure());
    if (walked.form != Call.Form.CALL || row == null) {
      return walked;
    }
    walked.rows.add(row);
    if (!row.isCompound()) {
      walked.arguments(row, message, call.argumentsAt());
    } else if (call.program() == CALLBACK_PROGRAM) {
      walked.compound(CompoundWalk.ofCallbacks(), message, call.argumentsAt());
    } else {
      walked.compound(CompoundWalk.ofCalls(), message, call.argumentsAt());
    }
    return walked;
  }

  private void arguments(Procedure row, ByteBuf message, int at) {
    ArgumentsWalk walk = new ArgumentsWalk();
    outcome = walk.walk(row, message, at, message.writerIndex());
    end = walk.end();
    for (int i = 0; i < walk.handles(); i++) {
      handles.add(List.of(walk.handleAt(i), walk.handleLength(i)));
    }
    for (int i = 0; i < walk.names(); i++) {
      names.add(List.of(walk.nameAt(i), walk.nameLength(i)));
    }
  }

  private <O extends CompoundOperation> void compound(
      CompoundWalk<O> walk, ByteBuf message, int at) {
    outcome = walk.walk(message, at, message.writerIndex(), OPERATIONS_MAX);
    minor = walk.minorVersion();
    found(walk, message);
    for (int i = 0; i < walk.count(); i++) {
      if (walk.handleLength(i) > 0) {
        handles.add(List.of(walk.handleAt(i), walk.handleLength(i)));
      }
      if (walk.nameLength(i) > 0) {
        names.add(List.of(walk.nameAt(i), walk.nameLength(i)));
      }
    }
  }

  private <O extends Operation> void found(OperationsFound<O> walk, ByteBuf message) {
    end = walk.end();
    for (int i = 0; i < walk.count(); i++) {
      rows.add(walk.operation(i));
      operations.add(operation(walk.at(i), message));
    }
    if (outcome == Outcome.UNKNOWN_OPERATION) {
      operations.add(operation(walk.end(), message));
      end = message.writerIndex();
    }
  }

  private static List<Object> operation(int at, ByteBuf message) {
    return new ArrayList<>(List.of(at, message.getInt(at)));
  }

  static WalkedRecord reply(ByteBuf message, Procedure row) {
    WalkedRecord walked = new WalkedRecord();
    Reply reply = new Reply();
    walked.form = reply.read(message, 0, message.writerIndex());
    if (walked.form != Reply.Form.RESULTS || row == null) {
      return walked;
    }
    walked.rows.add(row);
    if (row == Nfs4CallbackProcedure.CB_COMPOUND) {
      walked.rows.clear(); // nobody reads a client's answers
    } else if (row.isCompound()) {
      walked.compoundResults(message, reply.resultsAt());
    } else {
      ReplyWalk walk = new ReplyWalk();
      walked.outcome = walk.walk(row, message, reply.resultsAt(), message.writerIndex());
      walked.status = walk.status();
      walked.end = walk.end();
      walked.parts(walk.parts(), message);
    }
    return walked;
  }

  private void compoundResults(ByteBuf message, int at) {
    CompoundReplyWalk walk = new CompoundReplyWalk();
    outcome = walk.walk(message, at, message.writerIndex(), OPERATIONS_MAX);
    status = walk.status();
    found(walk, message);
    for (int i = 0; i < walk.count(); i++) {
      operations.get(i).add(walk.status(i));
    }
    parts(walk.parts(), message);
  }

  private void parts(Parts parts, ByteBuf message) {
    for (int i = 0; i < parts.count(); i++) {
      int at = parts.at(i);
      int length = parts.length(i);
      switch (parts.part(i)) {
        case HANDLE -> handles.add(List.of(at, length));
        case NAME -> names.add(List.of(at, length));
        case ENTRY -> entries.add(List.of(at, length));
        case ATTRIBUTES, FIRST_ATTRIBUTES, SECOND_ATTRIBUTES -> fattr3.add(at);
        case FATTR4 -> attributes(message, at, at + length);
        default -> {}
      }
    }
  }

  private void attributes(ByteBuf message, int from, int to) {
    AttributeWalk walk = new AttributeWalk();
    if (walk.walk(message, from, to) != AttributeWalk.Form.WHOLE) {
      throw new IllegalStateException("attributes at " + from + ": " + walk.unknownNumber());
    }
    for (Attribute4 attribute : Attribute4.values()) {
      if (walk.has(attribute)) {
        int at = walk.at(attribute);
        attributes.add(List.of(attribute.number(), at, walk.end(attribute) - at));
        if (attribute == Attribute4.FILEHANDLE) {
          handles.add(List.of(at + 4, message.getInt(at)));
        }
      }
    }
  }

  /** The operation's name, as RFC 8881 writes it; null for a number that has no row. */
  String operationName(int i) {
    Operation row = i + 1 < rows.size() ? rows.get(i + 1) : Nfs4.ILLEGAL;
    return row.number() == Nfs4.ILLEGAL.number() ? null : row.name();
  }

  /** The labels of all that came to OK in a reply. */
  List<String> succeeded() {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int came = i == 0 || operations.isEmpty() ? status : (int) operations.get(i - 1).get(2);
      if (came == 0) {
        labels.add(rows.get(i).label());
      }
    }
    return labels;
  }
}
