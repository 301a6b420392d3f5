package org.nfsproxy.server.probe;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What was seen of an origin, and what that means for re-exporting it. */
public final class ProbeReport {
  private final ProbeFacts facts;
  private final List<Finding> findings;
  private final ProbeVerdict verdict;

  private ProbeReport(ProbeFacts facts, List<Finding> findings) {
    this.facts = facts;
    this.findings = findings;
    this.verdict = ProbeVerdict.of(facts, findings);
  }

  static ProbeReport of(ProbeFacts facts) {
    List<Finding> findings = new ArrayList<>(ServerFindings.of(facts));
    findings.addAll(SessionFindings.of(facts));
    findings.addAll(FilesystemFindings.of(facts));
    return new ProbeReport(facts, List.copyOf(findings));
  }

  /**
   * Whether it can be re-exported.
   *
   * @return the verdict, with the exit status
   */
  public ProbeVerdict verdict() {
    return verdict;
  }

  List<Finding> findings() {
    return findings;
  }

  ProbeFacts facts() {
    return facts;
  }

  /**
   * The report for people.
   *
   * @return lines without control characters
   */
  public List<String> lines() {
    return ReportLines.of(this);
  }

  /** The report for programs, as docs/guide/probe.md has it. */
  public JsonObject json() {
    return ReportJson.of(this);
  }
}
