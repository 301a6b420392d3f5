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
  /** One step up, among names. */
  static final byte[] UP = {};

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
  }

  /** The export stays what it is, but from where it was reached no longer tells the way. */
  void forgetWay() {
    from = null;
    fromAt = -1;
    fromRoot = false;
    path = null;
    steps.clear();
  }

  /** Begins the way at a handle that lies in the call. */
  void startAt(int at, int length) {
    forgetWay();
    fromAt = at;
    fromLength = length;
  }

  /** Begins the way at a handle. */
  void startAt(Filehandle handle) {
    forgetWay();
    from = handle;
  }

  // Copied only where somebody is asked about it.
  /** Where the way begins; null if nobody can say. */
  @Nullable Filehandle from(ByteBuf record) {
    if (from == null && fromAt >= 0) {
      from = Filehandle.copy(record, fromAt, fromLength);
    }
    return from;
  }

  void step(byte[] name) {
    steps.add(name);
    isKnown = false;
  }

  /** The steps since then, names or {@link #UP}. */
  List<byte[]> steps() {
    return steps;
  }
}
