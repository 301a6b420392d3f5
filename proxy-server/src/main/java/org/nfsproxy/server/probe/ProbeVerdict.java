package org.nfsproxy.server.probe;

import java.util.List;

/** Whether an origin can be re-exported, and the exit status that says so. */
public enum ProbeVerdict {
  /** Yes. */
  AS_IT_IS(0, "asItIs", "can be re-exported as it is"),
  /** Yes, but something should be changed before. */
  WITH_CHANGES(1, "withChanges", "can be re-exported, with the changes above"),
  /** No. */
  NOT(3, "not", "cannot be re-exported like this"),
  /** Not everything could be asked. */
  UNKNOWN(3, "unknown", "not everything could be asked, so nobody can tell"),
  /** Nobody answered. */
  UNREACHED(3, "unreached", "no NFS server answers there");

  private final int exitStatus;
  private final String word;
  private final String sentence;

  ProbeVerdict(int exitStatus, String word, String sentence) {
    this.exitStatus = exitStatus;
    this.word = word;
    this.sentence = sentence;
  }

  // 1 and 2 of the command line are "failed" and "refused": 2 stays what it is everywhere, a
  // command line that is wrong.
  static ProbeVerdict of(ProbeFacts facts, List<Finding> findings) {
    if (!facts.isReached) {
      return facts.noTls == null ? UNREACHED : NOT;
    }
    Severity worst =
        findings.stream().map(Finding::severity).max(Severity::compareTo).orElse(Severity.OK);
    if (worst == Severity.STOP) {
      return NOT;
    }
    if (!facts.isComplete) {
      return UNKNOWN;
    }
    return worst == Severity.CHANGE ? WITH_CHANGES : AS_IT_IS;
  }

  /**
   * What the process ends with.
   *
   * @return 0, 1 or 3
   */
  public int exitStatus() {
    return exitStatus;
  }

  String word() {
    return word;
  }

  String sentence() {
    return sentence;
  }
}
