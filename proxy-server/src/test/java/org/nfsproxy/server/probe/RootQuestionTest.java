package org.nfsproxy.server.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.probe.RootAccess.Kind;

class RootQuestionTest {
  private static final int READS = RootQuestion.READ | 2;
  private static final int ALL = RootQuestion.ALL;
  private static final Filehandle ROOT = Filehandle.of(new byte[] {1});
  private static final Filehandle ENTRY = Filehandle.of(new byte[] {2});

  private static SeenEntry root(int mode, long owner) {
    return new SeenEntry("", ROOT, mode, owner, 2);
  }

  private static List<SeenEntry> entry(int mode) {
    return List.of(new SeenEntry("e", ENTRY, mode, 0, 1));
  }

  private static RootAccess ask(
      SeenEntry root, List<SeenEntry> entries, RootQuestion.Access access) {
    return new RootQuestion(access).ask(root, entries);
  }

  private static void assertSeen(Kind kind, boolean isSure, RootAccess seen) {
    assertEquals(kind, seen.kind(), seen.why());
    assertEquals(isSure, seen.isSure(), seen.why());
  }

  @Test
  void rootThatMayDoMore_isRoot() {
    assertSeen(
        Kind.ROOT, true, ask(root(0755, 0), List.of(), (object, uid) -> uid == 0 ? ALL : READS));
  }

  // All are made one user, to whom the directory belongs.
  @Test
  void rootThatMayDoMore_whereSomebodyElseOwns_isProbablyRoot() {
    assertSeen(
        Kind.ROOT, false, ask(root(0755, 99), List.of(), (object, uid) -> uid == 0 ? ALL : READS));
  }

  @Test
  void allMayWrite_andNothingIsClosed_cannotBeTold() {
    assertSeen(Kind.UNKNOWN, false, ask(root(0777, 0), List.of(), (object, uid) -> ALL));
  }

  @Test
  void allMayWriteTheDirectory_butRootNotAFile_isSquashed() {
    assertSeen(
        Kind.SQUASHED,
        true,
        ask(root(0777, 0), entry(0644), (object, uid) -> object.equals(ROOT) ? ALL : READS));
  }

  @Test
  void readOnlyOrSquashed_cannotBeTold() {
    assertSeen(Kind.UNKNOWN, false, ask(root(0755, 0), entry(0644), (object, uid) -> READS));
  }

  @Test
  void readOnly_withAnEntryThatIsClosed_isTold() {
    assertSeen(
        Kind.ROOT,
        true,
        ask(
            root(0755, 0),
            entry(0600),
            (object, uid) -> object.equals(ROOT) ? READS : uid == 0 ? READS : 0));
  }

  @Test
  void rootMayNotReadWhatIsClosed_isSquashed() {
    assertSeen(
        Kind.SQUASHED,
        true,
        ask(root(0755, 0), entry(0700), (object, uid) -> object.equals(ROOT) ? READS : 0));
  }

  @Test
  void ownerMayWriteAndRootNot_isSquashed() {
    assertSeen(
        Kind.SQUASHED,
        true,
        ask(root(0755, 99), List.of(), (object, uid) -> uid == 99 ? ALL : READS));
  }

  @Test
  void accessRefused_cannotBeTold() {
    assertSeen(
        Kind.UNKNOWN,
        false,
        ask(
            root(0755, 0),
            List.of(),
            (object, uid) -> {
              throw NoAnswerException.status(13);
            }));
  }
}
