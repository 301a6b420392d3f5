package org.nfsproxy.server.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.tls.OriginHandshake;
import org.nfsproxy.backend.nfs.tls.TlsLook;

/**
 * What was seen of an origin. Filled in while it is asked; what was not seen stays as it is here.
 */
final class ProbeFacts {
  /** What came of the question for TLS. */
  enum Tls {
    /** Yes. */
    OFFERED,
    /** No. */
    NOT_OFFERED,
    /** It was not answered. */
    UNKNOWN
  }

  final ProbeSettings asked;

  /** Where the name leads to, the first being the one that was asked. */
  List<String> addresses = List.of();

  /** Whether anything answered as RPC does. */
  boolean isReached;

  /** Why not; empty if it was. */
  String unreached = "";

  /** Why it was not to be had inside TLS, where all is asked inside TLS; null otherwise. */
  @Nullable OriginHandshake noTls;

  /** Whether it denies calls outside TLS. */
  boolean isTlsRequired;

  /** Whether all questions were asked, whatever the answers. */
  boolean isComplete = true;

  /** What was going on when it ended too early; empty if it did not. */
  String endedAt = "";

  /** Of NULL, in nanoseconds, in rising order. */
  List<Long> roundTripNanos = List.of();

  boolean mayReserve;

  /** Why the portmapper gave no list; empty if it did. */
  String portmapper = "";

  final List<ProgramRow> programs = new ArrayList<>();

  /** Of 2, 3 and 4. */
  NavigableSet<Integer> versions = new TreeSet<>();

  /** Of 0, 1 and 2, of NFSv4. */
  NavigableSet<Integer> minorVersions = new TreeSet<>();

  /** 0 if MOUNT was not found. */
  int mountPort;

  /** Whether the proxy would find it there by itself. */
  boolean mountIsRegistered;

  final List<Integer> mountVersions = new ArrayList<>();
  Tls tls = Tls.UNKNOWN;

  /** What the server showed then; null if it was not asked. */
  TlsLook.@Nullable Seen tlsSeen;

  /** Null without a session. */
  @Nullable Introduction introduction;

  @Nullable SessionGrant session;

  /** Why there is no session although a minor version has them; empty if there is. */
  String noSession = "";

  /** 0 if it was not told. */
  long leaseSeconds;

  /** Whether somebody could look for filesystems inside exports. */
  boolean nestedSearched;

  /** How many paths there are; those looked at may be fewer. */
  int pathsFound;

  final List<ProbedFilesystem> filesystems = new ArrayList<>();

  ProbeFacts(ProbeSettings asked) {
    this.asked = asked;
  }

  boolean hasVersion4() {
    return versions.contains(4);
  }

  /** Whether NFSv3 is served, which alone of the older ones is looked at. */
  boolean hasVersion3() {
    return versions.contains(3);
  }

  /** The versions as they are called. */
  List<String> versionNames() {
    List<String> names = new ArrayList<>();
    for (int version : versions) {
      if (version < 4 || minorVersions.isEmpty()) {
        names.add(String.valueOf(version));
      }
    }
    minorVersions.forEach(minor -> names.add("4." + minor));
    return names;
  }

  /** Where a program is, over TCP; null if nobody knows. */
  @Nullable ProgramRow program(int program) {
    return programs.stream()
        .filter(row -> row.program == program && row.isTcp())
        .findFirst()
        .orElse(null);
  }
}
