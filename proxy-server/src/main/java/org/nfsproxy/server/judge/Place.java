package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export;

/** Where a register of a COMPOUND, the current or the saved filehandle, points to. */
// Two kinds of places. That of a handle in the call, and of what was made below it, is known: the
// origin has said of exactly this handle which filesystem it is in. That of a step is expected: a
// name may mean something else when the origin executes. It becomes known if the origin is to check
// it then (VerifiedStep), and else only what is allowed everywhere is allowed there.
final class Place {
  /** The export, for certain or as expected; null if nobody knows. */
  @Nullable Export export;

  /** Whether the origin says so when it executes, or has said so of the handle. */
  boolean isKnown;

  /** Whether the origin was asked where the steps lead. */
  boolean isAsked;

  /**
   * The path of this directory, if it can be told without asking; only for expectations. Else null.
   */
  @Nullable String path;

  /** Whether the steps begin at the root of the namespace. */
  boolean fromRoot;

  private @Nullable Filehandle from;
  private int fromAt = -1;
  private int fromLength;
  private final List<byte[]> steps = new ArrayList<>(0);
  private int nameBytes;

  /** The way to some of the steps, as far as somebody wanted it. */
  private @Nullable Way way;

  void set(Place other) {
    export = other.export;
    isKnown = other.isKnown;
    isAsked = other.isAsked;
    path = other.path;
    fromRoot = other.fromRoot;
    from = other.from;
    fromAt = other.fromAt;
    fromLength = other.fromLength;
    steps.clear();
    if (!other.steps.isEmpty()) {
      steps.addAll(other.steps);
    }
    nameBytes = other.nameBytes;
    way = other.way;
  }

  /** The export stays what it is, but from where it was reached no longer tells the way. */
  void forgetWay() {
    from = null;
    fromAt = -1;
    fromRoot = false;
    path = null;
    steps.clear();
    nameBytes = 0;
    way = null;
  }

  /** Begins the way at a handle that lies in the call. */
  void startAt(int at, int length) {
    forgetWay();
    fromAt = at;
    fromLength = length;
  }

  // Copied only where somebody is asked about it.
  /** Where the way begins; null if nobody can say. */
  @Nullable Filehandle from(ByteBuf record) {
    if (from == null && fromAt >= 0) {
      from = Filehandle.copy(record, fromAt, fromLength);
    }
    return from;
  }

  /**
   * Whether the way can be followed by one more step, of a name of so many bytes. Else it is
   * forgotten: from here on nobody can say where it leads.
   */
  boolean mayStep(int nameLength) {
    isKnown = false;
    if (!hasBeginning() || !Way.mayStep(steps.size(), nameBytes, nameLength)) {
      forgetWay();
      return false;
    }
    return true;
  }

  private boolean hasBeginning() {
    return fromRoot || fromAt >= 0;
  }

  /** Goes one step on, behind {@link #mayStep}. */
  void step(byte[] name) {
    steps.add(name);
    nameBytes += name.length;
  }

  /** The steps since the beginning, names or {@link Way#UP}. */
  List<byte[]> steps() {
    return steps;
  }

  // Made only where somebody keeps it or looks for it, and then from the one before.
  /** The way here; null if nobody can say where it begins. */
  @Nullable Way way(ByteBuf record) {
    Way made = way;
    if (made == null) {
      if (!hasBeginning()) {
        return null;
      }
      made = Way.from(fromRoot ? null : from(record));
    }
    while (made.steps() < steps.size()) {
      made = made.step(steps.get(made.steps()));
    }
    way = made;
    return made;
  }
}
