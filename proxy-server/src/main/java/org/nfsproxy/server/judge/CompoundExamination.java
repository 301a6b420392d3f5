package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.backend.Found;
import org.nfsproxy.nfs.CompoundWalk;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.nfs.Registers;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.judge.Questions.Answer;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squashing;

/**
 * Follows the current and the saved filehandle through a COMPOUND, and finds the first operation
 * that the parameters of the export it acts on refuse, or that leads to another server. Not for
 * several threads at once.
 */
// What an operation does to the registers stands in its row. A step along the namespace (LOOKUP,
// LOOKUPP, OPEN by name) stays in its filesystem unless a rule's tree could begin there; only then
// the origin is asked where it leads, with all steps since the last handle that is known. A
// COMPOUND is forwarded when every operation is known to be allowed where it acts.
//
// Where all exports have the same parameters no place matters, and nothing is asked.
final class CompoundExamination {
  private static final int NFS_VERSION = 4;

  /** Where a register points to. */
  private static final class Place {
    /** The export; null if nothing is known of the place but that it may be anywhere. */
    Export export;

    /**
     * A handle from which the steps lead here; null if there is none, or if it lies in the call.
     */
    Filehandle from;

    /** Where that handle lies in the call; -1 if {@link #from} has it, or there is none. */
    int fromAt = -1;

    /** Bytes of the handle in the call. */
    int fromLength;

    /** Whether the steps begin at the namespace's root, of which no handle is known yet. */
    boolean fromRoot;

    /** Names to look up from there. */
    final List<byte[]> steps = new ArrayList<>(0);

    void set(Place other) {
      export = other.export;
      from = other.from;
      fromAt = other.fromAt;
      fromLength = other.fromLength;
      fromRoot = other.fromRoot;
      steps.clear();
      if (!other.steps.isEmpty()) {
        steps.addAll(other.steps);
      }
    }

    // Copied only where the origin is asked about it; most handles are known.
    Filehandle from(ByteBuf record) {
      if (from == null && fromAt >= 0) {
        from = Filehandle.copy(record, fromAt, fromLength);
        fromAt = -1;
      }
      return from;
    }

    void setFrom(Filehandle handle) {
      from = handle;
      fromAt = -1;
    }
  }

  /** What an examination came to. */
  enum Result {
    /** Every operation may be forwarded. */
    ALLOWED,
    /** One may not: see {@link #refusal}. */
    REFUSED,
    /** The origin must answer a question first. */
    ASKING,
    /** The origin does not answer: the client must try again. */
    SILENCE
  }

  private final Exports exports;
  private final Containment containment;
  private final Place current = new Place();
  private final Place saved = new Place();
  private Questions questions;
  private Rules rules;
  private Caller caller;
  private Refusal refusal;
  private Squashing squashing;
  private boolean handleSeen;
  private Export put;
  private boolean stopped;
  private boolean silent;

  CompoundExamination(Exports exports, Containment containment) {
    this.exports = exports;
    this.containment = containment;
  }

  /** The operation that is refused. */
  Refusal refusal() {
    return refusal;
  }

  /** The export of the first handle in the call; null if it has none, or if it has no place. */
  Export put() {
    return put;
  }

  /** What happens to the credential; null if no operation acts on a filehandle. */
  Squashing squashing() {
    return squashing;
  }

  Result examine(
      CompoundWalk<Nfs4> walk, ByteBuf record, Rules rules, Caller caller, Questions questions) {
    this.rules = rules;
    this.caller = caller;
    this.questions = questions;
    begin();
    for (int i = 0; i < walk.count() && !stopped; i++) {
      Result result = step(walk, record, i);
      if (result != Result.ALLOWED) {
        return result;
      }
    }
    return Result.ALLOWED;
  }

  private void begin() {
    current.export = null;
    forget();
    saved.set(current);
    refusal = null;
    squashing = null;
    handleSeen = false;
    put = null;
    stopped = false;
    silent = false;
  }

  private Result step(CompoundWalk<Nfs4> walk, ByteBuf record, int i) {
    Nfs4 operation = walk.operation(i);
    Registers registers = operation.registers();
    if (containment.refuses(walk, i)) {
      refusal = new Refusal(i, operation.wayOut().status(), current.export);
      return Result.REFUSED;
    }
    if (registers.usesCurrent() && handleSeen) {
      boolean writes = walk.writes(i);
      boolean isAllowed =
          judge(i, current.export, writes, false)
              && (registers != Registers.BOTH || judge(i, saved.export, writes, false))
              && (registers != Registers.FROM_SAVED || judge(i, saved.export, false, false));
      if (!isAllowed) {
        return Result.REFUSED;
      }
    }
    boolean moved = move(walk, record, i, registers);
    if (!moved) {
      return silent ? Result.SILENCE : Result.ASKING;
    }
    boolean arrives = registers.mayLeaveFilesystem() || registers == Registers.TO_ARGUMENT;
    // OPEN writes where it arrives: a single file may be a mount point.
    if (arrives && !stopped && !judge(i, current.export, walk.writes(i), isByName(registers))) {
      return Result.REFUSED;
    }
    return Result.ALLOWED;
  }

  private static boolean isByName(Registers registers) {
    return registers == Registers.TO_CHILD || registers == Registers.TO_OPENED;
  }

  private boolean judge(int i, Export export, boolean writes, boolean byName) {
    Parameters parameters = parametersOf(export);
    squashing = squashing == null ? parameters.squashing() : squashing.with(parameters.squashing());
    Decision decision =
        Decision.of(parameters, caller.comparable(), caller.security(), caller.version(), writes);
    if (decision == Decision.ALLOWED) {
      return true;
    }
    int status = byName ? decision.statusOfName(Family.NFS4) : decision.status(Family.NFS4);
    refusal = new Refusal(i, status, export);
    return false;
  }

  private Parameters parametersOf(Export export) {
    if (rules.isUniform()) {
      return rules.root();
    }
    return export == null ? rules.ofUnseen() : ExportParameters.of(export, rules);
  }

  /** Moves the registers; false if that cannot be done yet. */
  private boolean move(CompoundWalk<Nfs4> walk, ByteBuf record, int i, Registers registers) {
    switch (registers) {
      case NONE, CURRENT, MAYBE_CURRENT, BOTH, FROM_SAVED -> {
        return true;
      }
      case TO_ARGUMENT -> {
        return moveToHandle(record, walk.handleAt(i), walk.handleLength(i));
      }
      case TO_ROOT, TO_PUBLIC -> {
        handleSeen = true;
        current.export = exports.root(NFS_VERSION);
        current.setFrom(current.export.root(NFS_VERSION));
        current.fromRoot = current.from == null;
        current.steps.clear();
        return true;
      }
      case TO_CHILD, TO_OPENED -> {
        return walk.nameAt(i) < 0 || moveToName(record, walk.nameAt(i), walk.nameLength(i));
      }
      case TO_PARENT -> {
        // Where it leads cannot be asked for: a Linux origin's handle of a directory above a mount
        // point is STALE outside the COMPOUND that got it. So it may be anywhere.
        current.export = null;
        forget();
        return true;
      }
      case TO_CREATED, TO_ATTRIBUTES -> {
        forget();
        return true;
      }
      case SAVED -> {
        saved.set(current);
        return true;
      }
      case RESTORED -> {
        current.set(saved);
        return true;
      }
    }
    throw new IllegalStateException("no such move: " + registers);
  }

  /** The export stays what it is, but from where it was reached no longer tells the way. */
  private void forget() {
    current.setFrom(null);
    current.fromRoot = false;
    current.steps.clear();
  }

  private boolean moveToHandle(ByteBuf record, int at, int length) {
    boolean isFirst = !handleSeen;
    handleSeen = true;
    forget();
    current.export = exports.find(record, at, length, NFS_VERSION);
    boolean isPlaced = Questions.isPlaced(current.export);
    put = isFirst && isPlaced ? current.export : put;
    if (rules.isUniform()) {
      return true;
    }
    current.fromAt = at;
    current.fromLength = length;
    return isPlaced || ask(current.from(record));
  }

  private boolean moveToName(ByteBuf record, int at, int length) {
    if (rules.isUniform()) {
      return true;
    }
    byte[] name = new byte[length];
    record.getBytes(at, name);
    current.steps.add(name);
    return !rules.mayEnter(record, at, length) || settle(record);
  }

  /** Asks the origin where the steps lead. */
  private boolean settle(ByteBuf record) {
    if (current.fromRoot && !settleRoot()) {
      return false;
    }
    if (current.from(record) == null) {
      current.export = null;
      return true;
    }
    while (!current.steps.isEmpty()) {
      byte[] name = current.steps.get(0);
      Answer<Filehandle> next = child(name);
      if (next == null) {
        return false;
      }
      if (next.isLeftToOrigin()) {
        stopped = true;
        return true;
      }
      if (next.isSilence()) {
        silent = true;
        return false;
      }
      if (next.failure() != null) {
        current.export = null;
        current.setFrom(null);
        current.steps.clear();
        return true;
      }
      current.from = next.found();
      current.steps.remove(0);
    }
    return ask(current.from);
  }

  private boolean settleRoot() {
    Answer<Found> root = questions.root(NFS_VERSION);
    if (root == null) {
      return false;
    }
    if (root.isSilence()) {
      silent = true;
      return false;
    }
    current.setFrom(root.found() == null ? null : root.found().handle());
    current.fromRoot = false;
    return true;
  }

  private Answer<Filehandle> child(byte[] name) {
    Answer<Found> found = questions.child(current.from, name, NFS_VERSION);
    if (found == null) {
      return null;
    }
    Filehandle handle = found.found() == null ? null : found.found().handle();
    return new Answer<>(handle, found.failure());
  }

  private boolean ask(Filehandle handle) {
    Answer<Export> answer = questions.export(handle, NFS_VERSION);
    if (answer == null) {
      return false;
    }
    if (answer.isSilence()) {
      silent = true;
      return false;
    }
    stopped = answer.isLeftToOrigin();
    current.export = answer.found();
    return true;
  }
}
