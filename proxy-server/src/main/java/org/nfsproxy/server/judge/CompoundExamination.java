package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.edit.VerifiedStep;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Position;
import org.nfsproxy.nfs.table.Registers;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.VersionedFsid;
import org.nfsproxy.server.judge.AllowedFlavors.Allowed;
import org.nfsproxy.server.judge.PendingLookups.Answer;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squashing;

/**
 * Follows the current and the saved filehandle through a COMPOUND, and finds the first operation
 * that the parameters of the export it acts on refuse, or that leads to another server; and the
 * steps along the namespace of which the origin must say, when it executes them, where they led.
 * Not for several threads at once.
 */
// What an operation does to the registers stands in its row. The filesystem of a handle in the call
// is known: it is stable, and the origin is asked about a handle that nobody has met. Where a step
// leads (LOOKUP, LOOKUPP, OPEN by name, PUTROOTFH) is only expected, since names change. If what
// follows is allowed wherever that may be, it stays so. Else the step gets a VERIFY of the
// expected filesystem (VerifiedCall), which makes it known; where that is not possible, only what
// the strictest of all rules allow is allowed.
//
// So an expectation that is wrong costs the client a second try (DELAY), and never lets anything
// through. The origin is asked where a step leads if it led elsewhere before, if the client would
// be refused it because of an expectation, or, once, if its name is that of a rule's mount point.
//
// Where all exports have the same parameters no place matters: nothing is asked, nothing checked.
final class CompoundExamination {
  private static final int NFS_VERSION = 4;
  private static final int NOTHING_BINDS = -1;

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
  private final Crossings crossings;
  private final int verifiesMax;
  private final Place current = new Place();
  private final Place saved = new Place();
  private final List<VerifiedStep> verified = new ArrayList<>();
  private final List<Way> ways = new ArrayList<>();
  private final BitSet overpromising = new BitSet();
  private final List<Allowed> flavors = new ArrayList<>(0);

  private final CompoundWalk<Nfs4> walk;
  private ByteBuf record = Unpooled.EMPTY_BUFFER;
  private PendingLookups lookups;
  private Rules rules;
  private Caller caller;
  private @Nullable Refusal refusal;
  private @Nullable Squashing squashing;
  private boolean handleSeen;
  private @Nullable Export put;
  private boolean readsBind;
  private int lastBinding;

  CompoundExamination(JudgeScratch scratch, int verifiesMax) {
    this.exports = scratch.exports;
    this.containment = scratch.containment;
    this.crossings = scratch.crossings;
    this.walk = scratch.compound;
    this.lookups = scratch.lookups;
    this.rules = scratch.rules;
    this.caller = scratch.caller();
    this.verifiesMax = verifiesMax;
  }

  /** The operation that is refused, behind {@link Result#REFUSED}. */
  Refusal refusal() {
    return Objects.requireNonNull(refusal, "nothing is refused");
  }

  /** The export of the first handle in the call; null if it has none, or if it has no place. */
  @Nullable Export put() {
    return put;
  }

  /** What happens to the credential; null if no operation acts on a filehandle. */
  @Nullable Squashing squashing() {
    return squashing;
  }

  /** The steps, before the refused operation if there is one, that the origin must check. */
  List<VerifiedStep> verified() {
    return verified;
  }

  /** How each of them was reached; null where nobody can say. */
  List<Way> ways() {
    return ways;
  }

  /** The operations whose replies may promise to write where the export may only be read. */
  BitSet overpromising() {
    return overpromising;
  }

  /** The operations that tell how to come, and what they may say. */
  List<Allowed> flavors() {
    return flavors;
  }

  /** Examines the COMPOUND that the walk has been over. */
  Result examine(ByteBuf record, Rules rules, Caller caller, PendingLookups lookups) {
    this.record = record;
    this.rules = rules;
    this.caller = caller;
    this.lookups = lookups;
    begin();
    for (int i = 0; i < walk.count(); i++) {
      Result result = step(i);
      if (result != Result.ALLOWED) {
        return result;
      }
    }
    return Result.ALLOWED;
  }

  private void begin() {
    current.export = null;
    current.isKnown = false;
    current.forgetWay();
    saved.set(current);
    refusal = null;
    squashing = null;
    handleSeen = false;
    put = null;
    verified.clear();
    ways.clear();
    overpromising.clear();
    flavors.clear();
    findWhatBinds();
  }

  /** Up to which operation it matters where the registers point to. */
  private void findWhatBinds() {
    readsBind = false;
    lastBinding = NOTHING_BINDS;
    if (rules.isUniform()) {
      return;
    }
    readsBind =
        rules.readsMatter()
            && (!rules.squashesAlike() || decision(rules.ofUnseen(), false) != Decision.ALLOWED);
    if (decision(rules.ofUnseen(), true) == Decision.ALLOWED) {
      return;
    }
    for (int i = walk.count() - 1; i >= 0 && lastBinding == NOTHING_BINDS; i--) {
      if (walk.writes(i) || promises(i)) {
        lastBinding = i;
      }
    }
  }

  private boolean promises(int i) {
    return walk.operation(i).resultParts().contains(Part.GRANTED);
  }

  private Result step(int i) {
    Nfs4 operation = walk.operation(i);
    Registers registers = operation.registers();
    if (containment.refuses(walk, i)) {
      refusal =
          new Refusal(i, operation.redirection().status(), current.export, Refused.REDIRECTION);
      return Result.REFUSED;
    }
    int readOtherwise = readOtherwise(i, operation);
    if (readOtherwise != NfsStatus.OK) {
      refusal = new Refusal(i, readOtherwise, current.export, Refused.READ_OTHERWISE);
      return Result.REFUSED;
    }
    if (registers.usesCurrent() && (handleSeen || registers != Registers.MAYBE_CURRENT)) {
      boolean writes = walk.writes(i);
      boolean isAllowed =
          judge(i, current, writes, false)
              && (registers != Registers.BOTH || judge(i, saved, writes, false))
              && (registers != Registers.FROM_SAVED || judge(i, saved, false, false));
      if (!isAllowed) {
        return Result.REFUSED;
      }
      if (promises(i) && decision(parametersOf(current), true) == Decision.READ_ONLY) {
        overpromising.set(i);
      }
      if (operation.resultParts().contains(Part.FLAVORS)) {
        flavors.add(new Allowed(i, flavorsOf(i)));
      }
    }
    return move(i, registers);
  }

  // A server that takes an array, or a part of the values to compare, for what stands behind them
  // would execute operations that nobody here has seen (docs/decisions/0101).
  /** What an operation is refused with that servers read in different ways; or OK. */
  private int readOtherwise(int i, Nfs4 operation) {
    if (operation.place() == Position.OR_ALONE && i + 1 < walk.count()) {
      return NfsStatus.NOT_ONLY_OP;
    }
    int compared = walk.find(i, Part.COMPARED);
    return compared >= 0 && !allowsAll(rules, caller) && !comparesFixed(walk.parts().at(compared))
        ? NfsStatus.ATTRNOTSUPP
        : NfsStatus.OK;
  }

  /** Whether nothing is refused to a caller, wherever it acts. */
  static boolean allowsAll(Rules rules, Caller caller) {
    return rules.isUniform()
        && Decision.of(rules.root(), caller.peer(), caller.security(), caller.version(), true)
            == Decision.ALLOWED;
  }

  private boolean comparesFixed(int bitmapAt) {
    int words = record.getInt(bitmapAt);
    for (int word = 0; word < words; word++) {
      int bits = record.getInt(bitmapAt + 4 + 4 * word);
      for (; bits != 0; bits &= bits - 1) {
        int number = 32 * word + Integer.numberOfTrailingZeros(bits);
        if (number >= Attribute4.count() || !Attribute4.of(number).value().isFixed()) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean judge(int i, Place place, boolean writes, boolean byName) {
    Parameters parameters = parametersOf(place);
    Decision decision = decision(parameters, writes);
    if (decision == Decision.ALLOWED) {
      Squashing other = parameters.squashing();
      squashing = squashing == null ? other : squashing.with(other);
      return true;
    }
    int status = byName ? decision.statusOfName(Family.NFS4) : decision.status(Family.NFS4);
    status = handleSeen ? status : NfsStatus.NOFILEHANDLE;
    refusal = Refusal.by(decision, i, status, place.isKnown ? place.export : null);
    return false;
  }

  private Decision decision(Parameters parameters, boolean writes) {
    return Decision.of(parameters, caller.peer(), caller.security(), caller.version(), writes);
  }

  private Parameters parametersOf(Place place) {
    if (rules.isUniform()) {
      return rules.root();
    }
    return place.isKnown && place.export != null
        ? ExportParameters.of(place.export, rules)
        : rules.ofUnseen();
  }

  /** Moves the registers, and judges where they arrive. */
  private Result move(int i, Registers registers) {
    switch (registers) {
      case NONE, CURRENT, MAYBE_CURRENT, BOTH, FROM_SAVED -> {
        return Result.ALLOWED;
      }
      case TO_ARGUMENT -> {
        Result found = moveToHandle(i, walk.handleAt(i), walk.handleLength(i));
        return found == Result.ALLOWED ? arrive(i, false) : found;
      }
      case TO_ROOT, TO_PUBLIC -> {
        handleSeen = true;
        current.export = exports.root(NFS_VERSION);
        current.isKnown = false;
        current.forgetWay();
        current.fromRoot = true;
        current.path = ExportPath.ROOT.toString();
        return expectAndArrive(i, false);
      }
      case TO_CHILD, TO_OPENED -> {
        if (walk.nameAt(i) < 0) {
          // An OPEN of NFSv4.0 may be a replay of its owner's last one, whatever it claims: then
          // current is that one's file.
          current.isKnown &= walk.isInSession();
          return settleAndArrive(i, true);
        }
        moveToName(walk.nameAt(i), walk.nameLength(i));
        return expectAndArrive(i, true);
      }
      case TO_PARENT -> {
        moveToParent();
        return expectAndArrive(i, false);
      }
      case TO_CREATED, TO_ATTRIBUTES -> {
        current.forgetWay();
        return Result.ALLOWED;
      }
      case SAVED -> {
        saved.set(current);
        return Result.ALLOWED;
      }
      case RESTORED -> {
        current.set(saved);
        return settleAndArrive(i, false);
      }
    }
    throw new IllegalStateException("no such move: " + registers);
  }

  // Only what a client is told: what it then does is judged where it does it.
  private Set<Security> flavorsOf(int i) {
    Export at = current.export;
    if (walk.nameAt(i) >= 0 && walk.nameLength(i) <= Way.NAME_BYTES_MAX && current.path != null) {
      byte[] name = new byte[walk.nameLength(i)];
      record.getBytes(walk.nameAt(i), name);
      Export led = exports.at(PathName.below(current.path, PathName.text(name)));
      at = led == null ? at : led;
    }
    return rules.isUniform() || at == null
        ? Decision.flavors(parametersOf(current), caller.peer())
        : Decision.flavors(ExportParameters.of(at, rules), caller.peer());
  }

  private Result moveToHandle(int i, int at, int length) {
    boolean isFirst = !handleSeen;
    handleSeen = true;
    current.startAt(at, length);
    current.export =
        rules.isUniform()
            ? exports.likely(record, at, length, NFS_VERSION)
            : exports.find(record, at, length, NFS_VERSION);
    current.isKnown = true;
    boolean isPlaced = PendingLookups.isPlaced(current.export);
    put = isFirst && isPlaced ? current.export : put;
    if (rules.isUniform()) {
      return Result.ALLOWED;
    }
    if (!isPlaced) {
      Filehandle handle = Objects.requireNonNull(current.from(record), "it starts at one");
      Answer<Export> answer = lookups.export(handle, NFS_VERSION);
      if (answer == null) {
        return Result.ASKING;
      }
      if (answer.isSilence()) {
        return Result.SILENCE;
      }
      // The origin's own answer, and not left to it: the handle may be good again by then.
      if ((answer.isNotThere() || answer.isLater())
          && answer.failure() instanceof NfsStatusException no) {
        refusal = new Refusal(i, no.status(), null, Refused.ORIGIN);
        return Result.REFUSED;
      }
      current.export = answer.found();
    }
    current.path = pathOfRoot(at, length);
    return Result.ALLOWED;
  }

  /** The path of the handle in the call, if it is known to be its export's root. */
  private @Nullable String pathOfRoot(int at, int length) {
    Export export = current.export;
    Filehandle root = export == null ? null : export.root(NFS_VERSION);
    if (export == null || root == null || root.length() != length) {
      return null;
    }
    byte[] bytes = root.bytes();
    for (int i = 0; i < length; i++) {
      if (bytes[i] != record.getByte(at + i)) {
        return null;
      }
    }
    return export.path();
  }

  private void moveToName(int at, int length) {
    if (rules.isUniform() || !current.mayStep(length)) {
      return;
    }
    byte[] name = new byte[length];
    record.getBytes(at, name);
    current.step(name);
    current.path = current.path == null ? null : PathName.below(current.path, PathName.text(name));
  }

  private void moveToParent() {
    if (!rules.isUniform() && current.mayStep(Way.UP.length)) {
      current.step(Way.UP);
      current.path = current.path == null ? null : PathName.above(current.path);
    }
  }

  /** Says where the last step is expected to lead, asks if it must, and judges the place. */
  private Result expectAndArrive(int i, boolean byName) {
    return rules.isUniform() ? arrive(i, byName) : expect(i, byName);
  }

  private Result expect(int i, boolean byName) {
    if (!mustBeKnown(i)) {
      return arrive(i, byName);
    }
    current.isAsked = false;
    if (!crossings.isEmpty()) {
      Way way = current.way(record);
      if (way != null && crossings.isToBeAsked(way)) {
        return askAndArrive(i, byName);
      }
      VersionedFsid found = way == null ? null : crossings.find(way);
      Export led = found == null ? null : exports.named(found);
      if (led != null) {
        current.export = led;
        return settleAndArrive(i, byName);
      }
    }
    Export at = current.path == null ? null : exports.at(current.path);
    current.export = at == null ? current.export : at;
    boolean isNamed = current.export != null && current.export.fsid(NFS_VERSION) != null;
    boolean isSure = at != null || !isOfARule();
    return isNamed && isSure ? settleAndArrive(i, byName) : askAndArrive(i, byName);
  }

  // The last step has the name of a rule's mount point, and no path tells whether it is that.
  private boolean isOfARule() {
    List<byte[]> steps = current.steps();
    return !steps.isEmpty() && rules.endsWith(steps.get(steps.size() - 1));
  }

  /** Whether anything from this operation on is not allowed everywhere. */
  private boolean mustBeKnown(int i) {
    return readsBind || i <= lastBinding;
  }

  private Result settleAndArrive(int i, boolean byName) {
    boolean wasKnown = current.isKnown;
    if (!rules.isUniform() && !wasKnown && mustBeKnown(i)) {
      verify(i);
    }
    Result result = arrive(i, byName);
    boolean mayBeWrong =
        result == Result.REFUSED
            && !rules.isUniform()
            && !wasKnown
            && !current.isAsked
            && !current.steps().isEmpty();
    if (result == Result.REFUSED && current.isKnown && !wasKnown) {
      takeBackLast();
    }
    return mayBeWrong ? askAndArrive(i, byName) : result;
  }

  private void verify(int i) {
    VersionedFsid fsid = current.export == null ? null : current.export.fsid(NFS_VERSION);
    if (fsid == null || verified.size() >= verifiesMax) {
      return;
    }
    Nfs4 next = i + 1 < walk.count() ? walk.operation(i + 1) : null;
    verified.add(new VerifiedStep(i, walk.operation(i), next, fsid.major(), fsid.minor()));
    ways.add(current.way(record));
    current.isKnown = true;
  }

  private void takeBackLast() {
    verified.remove(verified.size() - 1);
    ways.remove(ways.size() - 1);
    current.isKnown = false;
  }

  private Result arrive(int i, boolean byName) {
    // OPEN writes where it arrives: a single file may be a mount point.
    return judge(i, current, walk.writes(i), byName) ? Result.ALLOWED : Result.REFUSED;
  }

  private Result askAndArrive(int i, boolean byName) {
    Result asked = ask();
    if (asked != Result.ALLOWED) {
      return asked;
    }
    current.isAsked = true;
    return settleAndArrive(i, byName);
  }

  /** Keeps for the next walk where the steps lead. */
  private Result led() {
    Way way = current.way(record);
    VersionedFsid fsid = current.export == null ? null : current.export.fsid(NFS_VERSION);
    if (way != null && fsid != null) {
      crossings.lead(way, fsid);
    }
    return Result.ALLOWED;
  }

  /** Asks the origin where the steps lead now, and expects that. */
  private Result ask() {
    Filehandle at = current.from(record);
    if (current.fromRoot) {
      Answer<Found> root = lookups.root(NFS_VERSION);
      if (root == null || root.isSilence()) {
        return root == null ? Result.ASKING : Result.SILENCE;
      }
      at = root.found() == null ? null : root.found().handle();
    }
    List<byte[]> steps = current.steps();
    Found last = null;
    for (int step = 0; at != null && step < steps.size(); ) {
      int up = 0;
      while (step + up < steps.size() && steps.get(step + up) == Way.UP) {
        up++;
      }
      Answer<Found> next =
          up > 0
              ? lookups.above(at, up, NFS_VERSION)
              : lookups.child(at, steps.get(step), NFS_VERSION);
      step += Math.max(1, up);
      if (next == null || next.isSilence()) {
        return next == null ? Result.ASKING : Result.SILENCE;
      }
      if (next.isNotThere()) {
        return Result.ALLOWED; // it leads nowhere: expected as before
      }
      if (step == steps.size() && up > 0 && next.found() != null) {
        // The handle may be stale outside the COMPOUND that got it; what it is of is not.
        current.export = exports.named(VersionedFsid.of(NFS_VERSION, next.found().identity()));
        return led();
      }
      last = next.found();
      at = last == null ? null : last.handle();
    }
    if (at == null) {
      current.export = null;
      return Result.ALLOWED;
    }
    Answer<Export> answer = lookups.export(at, NFS_VERSION);
    if (answer == null || answer.isSilence()) {
      return answer == null ? Result.ASKING : Result.SILENCE;
    }
    if (!answer.isNotThere()) {
      current.export = answer.found();
    } else if (last != null) {
      // It has gone again since, or came between; what it was of was said a moment ago.
      current.export = exports.named(VersionedFsid.of(NFS_VERSION, last.identity()));
    }
    return led();
  }
}
