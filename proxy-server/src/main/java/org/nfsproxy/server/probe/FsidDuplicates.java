package org.nfsproxy.server.probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nfsproxy.nfs.Filehandle;

/** Paths that have one fsid. */
// Several directories of one filesystem that are exported have one fsid by right, and other
// fileids. The same fileid with another handle is another object: two filesystems with one number,
// copies of one disk perhaps, which nobody can tell apart by it.
final class FsidDuplicates {
  private record Number(int version, long major, long minor) {}

  private record Member(String path, Filehandle root, long fileid) {
    boolean isOtherObjectThan(Member other) {
      return fileid == other.fileid && !root.equals(other.root);
    }
  }

  private FsidDuplicates() {}

  static List<Finding> of(List<ProbedFilesystem> filesystems) {
    Map<Number, List<Member>> byNumber = new LinkedHashMap<>();
    for (ProbedFilesystem each : filesystems) {
      each.reached().stream()
          .filter(view -> view.hasIdentity)
          .findFirst()
          .ifPresent(
              view ->
                  byNumber
                      .computeIfAbsent(
                          new Number(view.version, view.fsidMajor, view.fsidMinor),
                          number -> new ArrayList<>())
                      .add(new Member(each.path(), view.reachedRoot(), view.fileid)));
    }
    List<String> doubled = new ArrayList<>();
    List<String> shared = new ArrayList<>();
    for (List<Member> members : byNumber.values()) {
      if (members.size() > 1) {
        (isDoubled(members) ? doubled : shared).addAll(members.stream().map(Member::path).toList());
      }
    }
    List<Finding> findings = new ArrayList<>();
    if (!doubled.isEmpty()) {
      findings.add(
          Finding.of(
                  "fsid",
                  Severity.CHANGE,
                  Amount.of(doubled.size(), "path", "paths")
                      + " with an fsid that another filesystem has too",
                  "clients and the proxy take them for one filesystem: rules of one hold for the other, and"
                      + " clients may mix their files up",
                  "give each an `fsid=` of its own at the origin")
              .at(doubled));
    }
    if (!shared.isEmpty()) {
      findings.add(
          Finding.of(
                  "fsid",
                  Severity.NOTE,
                  Amount.of(shared.size(), "path", "paths")
                      + " in a filesystem that is listed twice or more",
                  "rules look at filesystems: one for a directory of these holds for all of its filesystem",
                  "make what needs rules of its own a filesystem of its own")
              .at(shared));
    }
    return findings;
  }

  private static boolean isDoubled(List<Member> members) {
    for (Member one : members) {
      for (Member other : members) {
        if (one.isOtherObjectThan(other)) {
          return true;
        }
      }
    }
    return false;
  }
}
