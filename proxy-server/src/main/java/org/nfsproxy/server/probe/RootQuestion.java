package org.nfsproxy.server.probe;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;

/** Finds out whether uid 0 is root to a server, by ACCESS alone: nothing is written. */
// ACCESS is asked as uid 0 and as nobody (65534), of the directory that is exported and of entries
// whose mode keeps others from reading (lost+found, say) or writing. Somebody who is root may do
// more with one of them. Where both may the same, either root is squashed, or the filesystem is
// exported read-only: that is told apart by what is closed to reading, or by somebody who may
// write.
final class RootQuestion {
  /** Bits of ACCESS, the same in NFSv3 and NFSv4. */
  static final int READ = 1;

  static final int MODIFY = 4;

  /** READ, LOOKUP, MODIFY, EXTEND, DELETE, EXECUTE. */
  static final int ALL = 0x3f;

  private static final int NOBODY = 65534;
  private static final int ENTRIES_MAX = 4;
  private static final int OTHERS_READ = 4;

  /** ACCESS. */
  @FunctionalInterface
  interface Access {
    /** The bits that are granted. */
    int granted(Filehandle object, int uid) throws NoAnswerException;
  }

  private final Access access;

  RootQuestion(Access access) {
    this.access = access;
  }

  /**
   * Asks.
   *
   * @param root the directory that is exported, with its mode and owner
   */
  RootAccess ask(SeenEntry root, List<SeenEntry> entries) {
    try {
      int asRoot = access.granted(root.handle(), 0);
      int asNobody = access.granted(root.handle(), NOBODY);
      if (hasMore(asRoot, asNobody)) {
        return isRoot(root.owner(), "uid 0 may do more than uid 65534");
      }
      for (SeenEntry each : telling(entries)) {
        RootAccess seen = ofEntry(each, (asNobody & MODIFY) != 0);
        if (seen != null) {
          return seen;
        }
      }
      return ofAlike(root, asRoot);
    } catch (NoAnswerException none) {
      return RootAccess.unknown("ACCESS: " + none.getMessage());
    }
  }

  private static boolean hasMore(int asRoot, int asNobody) {
    return (asRoot & ~asNobody) != 0;
  }

  // An anonymous user who is the owner, or in the group, has more than nobody too.
  private static RootAccess isRoot(long owner, String why) {
    return new RootAccess(RootAccess.Kind.ROOT, owner == 0, why);
  }

  /** Entries that others may not do everything with, those they may not even read first. */
  private static List<SeenEntry> telling(List<SeenEntry> entries) {
    return entries.stream()
        .filter(SeenEntry::isClosedToOthers)
        .sorted(Comparator.comparing(SeenEntry::isUnreadableToOthers).reversed())
        .limit(ENTRIES_MAX)
        .toList();
  }

  private @Nullable RootAccess ofEntry(SeenEntry entry, boolean isWritable)
      throws NoAnswerException {
    int asRoot = access.granted(entry.handle(), 0);
    int asNobody = access.granted(entry.handle(), NOBODY);
    String what = "%s of mode %04o".formatted(entry.name(), entry.mode());
    if (hasMore(asRoot, asNobody)) {
      return isRoot(entry.owner(), "uid 0 may do more than uid 65534 with " + what);
    }
    if (entry.isUnreadableToOthers() && (asRoot & READ) == 0) {
      return squashed("uid 0 may not read " + what);
    }
    return isWritable && (asRoot & MODIFY) == 0 ? squashed("uid 0 may not write " + what) : null;
  }

  private static RootAccess squashed(String why) {
    return new RootAccess(RootAccess.Kind.SQUASHED, true, why);
  }

  private RootAccess ofAlike(SeenEntry root, int granted) throws NoAnswerException {
    if ((granted & READ) == 0 && root.mode() >= 0 && (root.mode() & OTHERS_READ) == 0) {
      return new RootAccess(
          RootAccess.Kind.SQUASHED,
          true,
          "uid 0 may not read it, mode %04o".formatted(root.mode()));
    }
    if ((granted & MODIFY) != 0) {
      return RootAccess.unknown("everybody may write there");
    }
    boolean ownerMayWrite =
        root.owner() > 0
            && root.owner() != NOBODY
            && (access.granted(root.handle(), (int) root.owner()) & MODIFY) != 0;
    return ownerMayWrite
        ? squashed("uid 0 may not write where the owner may")
        : RootAccess.unknown("uid 0 may do as much as uid 65534: squashed, or exported read-only");
  }
}
