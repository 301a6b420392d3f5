package org.nfsproxy.backend.nfs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.backend.nfs.connect.SourcePorts;
import org.nfsproxy.backend.nfs.questions.MountVersions;
import org.nfsproxy.backend.nfs.questions.OriginVersions;
import org.nfsproxy.nfs.table.Programs;

/**
 * What a look at the origin found.
 *
 * @param server which server was looked at
 * @param versions the versions of NFS
 * @param mountPort where MOUNT is; 0 if that cannot be told
 * @param noMount why it cannot be told; empty if it can
 * @param mounts which versions of MOUNT there are, see {@link MountVersions}
 * @param paths what is exported
 * @param mayNotReserve whether this process may not bind ports below 1024
 */
record OriginSummary(
    String server,
    OriginVersions versions,
    int mountPort,
    String noMount,
    List<ServedProgram> mounts,
    List<String> paths,
    boolean mayNotReserve) {
  private static final ServedProgram NFS_ACL = new ServedProgram(Programs.NFS_ACL, 2, 3);

  /** What is served while nobody has looked: all that could be, since the origin will answer. */
  static final List<ServedProgram> UNKNOWN_PROGRAMS =
      programs(new ServedProgram(Programs.NFS, 2, 4), MountVersions.UNKNOWN, List.of(NFS_ACL));

  private static List<ServedProgram> programs(
      ServedProgram nfs, List<ServedProgram> mounts, List<ServedProgram> acl) {
    return Stream.of(List.of(nfs), mounts, acl).flatMap(List::stream).toList();
  }

  /** The programs that clients reach through the proxy. */
  List<ServedProgram> programs() {
    if (versions.versions().isEmpty()) {
      return UNKNOWN_PROGRAMS;
    }
    ServedProgram nfs =
        new ServedProgram(Programs.NFS, versions.versions().first(), versions.versions().last());
    if (hasNfs2or3()) {
      return programs(nfs, mounts, List.of(NFS_ACL));
    }
    // MOUNT of a Linux origin without NFSv3 answers all the same, and clients go by what it says.
    return mountPort == 0 ? List.of(nfs) : programs(nfs, mounts, List.of());
  }

  private boolean hasNfs2or3() {
    return versions.versions().first() < 4;
  }

  /** What an administrator should read. */
  List<Notice> notices() {
    List<Notice> notices = new ArrayList<>();
    if (versions.versions().isEmpty()) {
      String text = "origin %s serves no NFS over TCP: check backend.origin.port".formatted(server);
      return List.of(new Notice(true, text));
    }
    String mount = mountPort == 0 ? "" : ", MOUNT at port " + mountPort;
    String origin =
        "origin %s: NFS %s%s; paths exported: %s"
            .formatted(server, shownVersions(), mount, shownPaths());
    notices.add(new Notice(false, origin));
    if (mountPort == 0 && hasNfs2or3()) {
      notices.add(new Notice(true, noMount));
    }
    if (mayNotReserve) {
      notices.add(new Notice(true, "no source port below 1024 may be bound: " + SourcePorts.CURE));
    }
    return List.copyOf(notices);
  }

  // Who was not asked has not said that there are none.
  private String shownPaths() {
    boolean isUnknown = paths.isEmpty() && mountPort == 0 && hasNfs2or3();
    return isUnknown ? "unknown" : String.valueOf(paths.size());
  }

  private String shownVersions() {
    List<String> shown = new ArrayList<>();
    for (int version : versions.versions()) {
      if (version < 4 || versions.minorVersions().isEmpty()) {
        shown.add(String.valueOf(version));
      }
    }
    versions.minorVersions().forEach(minor -> shown.add("4." + minor));
    return String.join(", ", shown);
  }
}
