package org.nfsproxy.backend.nfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.backend.nfs.questions.MountVersions;
import org.nfsproxy.backend.nfs.questions.OriginVersions;

class OriginSummaryTest {
  private static final ServedProgram MOUNT = new ServedProgram(100005, 1, 3);
  private static final ServedProgram NFS_ACL = new ServedProgram(100227, 2, 3);
  private static final String SERVER = "nas port 2049";

  private static OriginSummary summary(List<Integer> versions, int mountPort) {
    return new OriginSummary(
        SERVER,
        new OriginVersions(new TreeSet<>(versions), new TreeSet<>()),
        mountPort,
        mountPort == 0 ? "nobody says where MOUNT is" : "",
        List.of(MOUNT),
        List.of("/export"),
        false);
  }

  @Test
  void originOfVersions3And4_servesNfsMountAndAcl() {
    assertEquals(
        List.of(new ServedProgram(100003, 3, 4), MOUNT, NFS_ACL),
        summary(List.of(3, 4), 20048).programs());
  }

  @Test
  void originWithoutSomeVersionsOfMount_isSaidToServeTheOthers() {
    ServedProgram one = new ServedProgram(100005, 1, 1);
    ServedProgram three = new ServedProgram(100005, 3, 3);
    assertEquals(List.of(one, three), MountVersions.rows(List.of(1, 3)));
    assertEquals(List.of(new ServedProgram(100005, 2, 3)), MountVersions.rows(List.of(2, 3)));
    assertEquals(List.of(MOUNT), MountVersions.rows(List.of(1, 2, 3)));
    assertEquals(List.of(MOUNT), MountVersions.rows(List.of()));
    OriginSummary gap =
        new OriginSummary(
            SERVER,
            new OriginVersions(new TreeSet<>(List.of(3)), new TreeSet<>()),
            20048,
            "",
            List.of(one, three),
            List.of(),
            false);
    assertEquals(List.of(new ServedProgram(100003, 3, 3), one, three, NFS_ACL), gap.programs());
  }

  @Test
  void originOfVersion4Only_servesMountIfItHasIt() {
    ServedProgram nfs = new ServedProgram(100003, 4, 4);
    assertEquals(List.of(nfs, MOUNT), summary(List.of(4), 20048).programs());
    assertEquals(List.of(nfs), summary(List.of(4), 0).programs());
  }

  @Test
  void originWhosePortmapperIsSilent_keepsMount_andSaysWhy() {
    OriginSummary silent = summary(List.of(3), 0);
    assertTrue(silent.programs().contains(MOUNT));
    assertTrue(silent.notices().contains(new Notice(true, "nobody says where MOUNT is")));
  }

  @Test
  void originWithoutNfs_isLeftToAnswer_andSaidToBeWrong() {
    OriginSummary none = summary(List.of(), 0);
    assertEquals(OriginSummary.UNKNOWN_PROGRAMS, none.programs());
    assertTrue(none.notices().get(0).off());
  }

  @Test
  void pathsThatNobodyWasAskedFor_areUnknown_notNone() {
    OriginSummary found =
        new OriginSummary(
            SERVER,
            new OriginVersions(new TreeSet<>(List.of(3)), new TreeSet<>()),
            0,
            "why not",
            List.of(MOUNT),
            List.of(),
            false);
    assertEquals(
        "origin nas port 2049: NFS 3; paths exported: unknown", found.notices().get(0).text());
  }

  @Test
  void processThatMayNotReserve_isToldTheCure() {
    OriginSummary found =
        new OriginSummary(
            SERVER,
            new OriginVersions(new TreeSet<>(List.of(4)), new TreeSet<>(List.of(0, 1, 2))),
            0,
            "",
            List.of(MOUNT),
            List.of(),
            true);
    List<Notice> notices = found.notices();
    assertEquals(
        "origin nas port 2049: NFS 4.0, 4.1, 4.2; paths exported: 0", notices.get(0).text());
    assertTrue(notices.get(1).off());
    assertTrue(notices.get(1).text().contains("CAP_NET_BIND_SERVICE"));
  }
}
