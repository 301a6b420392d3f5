package org.nfsproxy.server.probe;

import java.util.Map;

/** What statuses are called in the RFCs, those that a server gives to somebody who only looks. */
// NFSv2, NFSv3, NFSv4 and MOUNT have the same numbers for those below 10000.
final class StatusName {
  static final int PERM = 1;
  static final int NOENT = 2;
  static final int ACCES = 13;
  static final int DELAY = 10008;
  static final int WRONGSEC = 10016;
  static final int MOVED = 10019;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(PERM, "PERM"),
          Map.entry(NOENT, "NOENT"),
          Map.entry(5, "IO"),
          Map.entry(ACCES, "ACCES"),
          Map.entry(20, "NOTDIR"),
          Map.entry(22, "INVAL"),
          Map.entry(63, "NAMETOOLONG"),
          Map.entry(70, "STALE"),
          Map.entry(10001, "BADHANDLE"),
          Map.entry(10004, "NOTSUPP"),
          Map.entry(10005, "TOOSMALL"),
          Map.entry(10006, "SERVERFAULT"),
          Map.entry(DELAY, "DELAY"),
          Map.entry(10013, "GRACE"),
          Map.entry(10014, "FHEXPIRED"),
          Map.entry(WRONGSEC, "WRONGSEC"),
          Map.entry(10018, "RESOURCE"),
          Map.entry(MOVED, "MOVED"),
          Map.entry(10020, "NOFILEHANDLE"),
          Map.entry(10021, "MINOR_VERS_MISMATCH"),
          Map.entry(10044, "OP_ILLEGAL"),
          Map.entry(10070, "TOO_MANY_OPS"));

  private StatusName() {}

  static String of(int status) {
    String name = NAMES.get(status);
    return name == null ? "status " + Integer.toUnsignedString(status) : name;
  }
}
