package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * How calls are judged.
 *
 * @param unknownOperations what becomes of a call that holds an operation no table has
 * @param judgeOn which threads judge
 * @param wholeBytesMax the longest call that is forwarded only when all of it is there
 * @param verifiesMax the most operations that are put into a COMPOUND
 */
public record Calls(
    UnknownOperations unknownOperations, JudgeOn judgeOn, int wholeBytesMax, int verifiesMax) {
  static Calls read(Section section) {
    return new Calls(
        Keys.UNKNOWN_OPERATIONS.in(section),
        Keys.JUDGE_ON.in(section),
        Keys.WHOLE_BYTES_MAX.in(section),
        Keys.VERIFIES_MAX.in(section));
  }

  /** These with what a newer file can change while the proxy runs. */
  Calls adopting(Calls newer) {
    return new Calls(newer.unknownOperations, judgeOn, wholeBytesMax, verifiesMax);
  }
}
