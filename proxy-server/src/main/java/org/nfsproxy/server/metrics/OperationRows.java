package org.nfsproxy.server.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.nfsproxy.nfs.table.Effect;
import org.nfsproxy.nfs.table.HandlesOut;
import org.nfsproxy.nfs.table.Lookup;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.OnFailure;
import org.nfsproxy.nfs.table.Position;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.server.call.CallSummary;

/**
 * A small number for everything that can be called: each procedure of each version, and each
 * operation of NFSv4 in each minor version. What nobody here knows has one number for all of it, so
 * a client that makes numbers up makes no new ones here.
 */
// A COMPOUND has one time and one length, and several operations. They are told of the operation
// it is about: the first of those that change files or state; else the first that reads more than
// attributes; else GETATTR; else the last one, which is SEQUENCE where a lease is renewed. PUTFH,
// SAVEFH and their kin only say where.
public final class OperationRows {
  /** What nobody here knows. */
  public static final int OTHER = 0;

  private static final String OTHER_WORD = "other";
  private static final int PROCEDURES_MAX = 64;
  private static final int VERSIONS_MAX = 5;
  private static final int MINOR_VERSIONS = Nfs4.OPERATIONS.minorVersionMax() + 1;
  private static final int SETS_REGISTERS = 0;
  private static final int READS_ATTRIBUTES = 1;
  private static final int READS = 2;
  private static final int CHANGES = 3;

  private static final Map<Integer, String> PROGRAMS =
      Map.of(
          Programs.NFS, "nfs",
          Programs.MOUNT, "mount",
          Programs.NLM, "nlm",
          Programs.NFS_ACL, "nfs_acl");

  /**
   * What a number stands for.
   *
   * @param program for example {@code nfs}
   * @param version for example {@code 3} or {@code 4.1}
   * @param operation its name in the RFC
   */
  public record Row(String program, String version, String operation) {}

  private static final List<Row> ROWS = new ArrayList<>();
  private static final List<Boolean> HAVE_STATUS = new ArrayList<>();
  private static final Map<Integer, int[][]> BY_PROGRAM = new HashMap<>();
  private static final int[][] NFS;
  private static final int[] FIRST_OF_MINOR = new int[MINOR_VERSIONS];
  private static final byte[] RANKS = new byte[Nfs4.values().length];
  private static final boolean[] HAS_STATUS;

  static {
    add(OTHER_WORD, OTHER_WORD, OTHER_WORD, false);
    new TreeMap<>(PROGRAMS).forEach(OperationRows::addProgram);
    NFS = Objects.requireNonNull(BY_PROGRAM.get(Programs.NFS), "PROGRAMS has it");
    for (int minor = 0; minor < MINOR_VERSIONS; minor++) {
      FIRST_OF_MINOR[minor] = ROWS.size();
      for (Nfs4 operation : Nfs4.values()) {
        add("nfs", "4." + minor, operation.name(), true);
      }
    }
    for (Nfs4 operation : Nfs4.values()) {
      RANKS[operation.ordinal()] = (byte) rank(operation);
    }
    HAS_STATUS = new boolean[ROWS.size()];
    for (int i = 0; i < HAS_STATUS.length; i++) {
      HAS_STATUS[i] = HAVE_STATUS.get(i);
    }
  }

  private OperationRows() {}

  private static int add(String program, String version, String operation, boolean hasStatus) {
    ROWS.add(new Row(program, version, operation));
    HAVE_STATUS.add(hasStatus);
    return ROWS.size() - 1;
  }

  private static void addProgram(int program, String name) {
    int[][] versions = new int[VERSIONS_MAX][];
    for (int version = 0; version < VERSIONS_MAX; version++) {
      int[] procedures = new int[PROCEDURES_MAX];
      for (int number = 0; number < PROCEDURES_MAX; number++) {
        if (Programs.find(program, version, number) instanceof Lookup.Found found) {
          Procedure procedure = found.procedure();
          OnFailure onFailure = procedure.onFailure();
          boolean hasStatus = onFailure.hasStatus() && !onFailure.repeatsCookie();
          procedures[number] = add(name, "" + version, procedure.name(), hasStatus);
          versions[version] = procedures;
        }
      }
    }
    BY_PROGRAM.put(program, versions);
  }

  private static int rank(Nfs4 operation) {
    if (operation.place() == Position.FIRST) {
      return SETS_REGISTERS;
    }
    return switch (operation.registers()) {
      case TO_ARGUMENT, TO_ROOT, TO_PUBLIC, SAVED, RESTORED -> SETS_REGISTERS;
      default ->
          operation.effect() != Effect.READS
              ? CHANGES
              : operation.handlesOut() == HandlesOut.ATTRIBUTE ? READS_ATTRIBUTES : READS;
    };
  }

  /**
   * How many numbers there are.
   *
   * @return numbers are from 0 to one less
   */
  public static int count() {
    return HAS_STATUS.length;
  }

  /** What a number stands for. */
  public static Row words(int row) {
    return ROWS.get(row);
  }

  /** Whether the first word of the results is a status. */
  static boolean hasStatus(int row) {
    return HAS_STATUS[row];
  }

  /**
   * The number of a procedure.
   *
   * @param program as on the wire
   * @param version as on the wire
   * @param procedure as on the wire
   * @return its number; {@link #OTHER} if nobody here knows it
   */
  public static int of(int program, int version, int procedure) {
    int[][] versions = program == Programs.NFS ? NFS : BY_PROGRAM.get(program);
    if (versions == null || version < 0 || version >= VERSIONS_MAX) {
      return OTHER;
    }
    int[] procedures = versions[version];
    boolean isKnown = procedures != null && procedure >= 0 && procedure < PROCEDURES_MAX;
    return isKnown ? procedures[procedure] : OTHER;
  }

  /**
   * Says which operations a COMPOUND has, and which of them it is about.
   *
   * @param walk has been over a COMPOUND of a minor version that has rows
   * @param hasUnknown whether an operation stands behind those it found that nobody knows
   */
  public static void compound(CallSummary summary, CompoundWalk<Nfs4> walk, boolean hasUnknown) {
    int first = FIRST_OF_MINOR[walk.minorVersion()];
    int operations = walk.count() + (hasUnknown ? 1 : 0);
    int about = -1;
    int rank = SETS_REGISTERS;
    summary.compound(first, walk.tagLength());
    for (int i = 0; i < operations; i++) {
      Nfs4 operation = i < walk.count() ? walk.operation(i) : Nfs4.ILLEGAL;
      int offset = operation.ordinal();
      summary.operation(offset);
      if (RANKS[offset] > rank || rank == SETS_REGISTERS) {
        rank = RANKS[offset];
        about = offset;
      }
    }
    if (about >= 0) {
      summary.about(first + about);
    }
  }
}
