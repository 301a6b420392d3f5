package org.nfsproxy.server.judge;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.server.policy.Family;
import org.nfsproxy.server.policy.Rules;

/**
 * What a backend serves, without the versions that the rules allow on no export: such a version is
 * answered as one that is not served. Safe for use by several threads.
 */
// With a version in the middle taken out a program has several rows. What is kept is worked out
// anew when the backend has another list or the rules are others: both are compared by identity.
public final class AllowedPrograms {
  private static final int VERSION_MAX = 4;

  private record Kept(
      @Nullable List<ServedProgram> served, @Nullable Rules rules, List<ServedProgram> allowed) {}

  private volatile Kept kept = new Kept(null, null, List.of());

  /**
   * The programs and versions that are allowed somewhere.
   *
   * @return in the same order
   */
  public List<ServedProgram> of(List<ServedProgram> served, Rules rules) {
    Kept known = kept;
    if (known.served != served || known.rules != rules) {
      List<ServedProgram> allowed = new ArrayList<>();
      served.forEach(row -> add(allowed, row, rules));
      known = new Kept(served, rules, List.copyOf(allowed));
      kept = known;
    }
    return known.allowed;
  }

  private static void add(List<ServedProgram> allowed, ServedProgram row, Rules rules) {
    List<ServedProgram> some = new ArrayList<>();
    boolean all = true;
    for (int version = Math.max(1, row.low());
        version <= Math.min(VERSION_MAX, row.high());
        version++) {
      Family family = Family.of(row.program(), version);
      if (family == null) {
        continue;
      }
      if (rules.allowsSomewhere(family)) {
        some.add(new ServedProgram(row.program(), version, version));
      } else {
        all = false;
      }
    }
    allowed.addAll(all ? List.of(row) : some);
  }

  /** Whether a version of a program is among them. */
  static boolean serves(List<ServedProgram> programs, int program, int version) {
    for (int i = 0; i < programs.size(); i++) {
      ServedProgram row = programs.get(i);
      if (row.program() == program && version >= row.low() && version <= row.high()) {
        return true;
      }
    }
    return false;
  }

  /** The lowest and the highest version of a program; null if there is none. */
  static @Nullable ServedProgram range(List<ServedProgram> programs, int program) {
    ServedProgram range = null;
    for (ServedProgram row : programs) {
      if (row.program() == program) {
        range =
            range == null
                ? row
                : new ServedProgram(
                    program, Math.min(range.low(), row.low()), Math.max(range.high(), row.high()));
      }
    }
    return range;
  }
}
