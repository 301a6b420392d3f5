package org.nfsproxy.server.judge;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.call.NotedOperation;
import org.nfsproxy.server.call.NotedRefusal;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.HeldParameters;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.RefusingRule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.UnreadableCalls;
import org.nfsproxy.server.refusals.RefusalLine;
import org.nfsproxy.server.refusals.RefusalTrace;

/**
 * Finds out which rule a refused call was refused by, and leaves the trace of it.
 *
 * @param trace where it is left
 */
// All of it happens for refused calls only; that they cost more than others is why the text is made
// for the few that are told.
record RefusalReports(RefusalTrace trace) {
  /**
   * Reports a refused call.
   *
   * @param rules the rules it was judged by
   * @param named the path it named, where nothing else tells the place; null for none
   * @param asked the operation, in words
   * @return the name of the rule it was refused by
   */
  String report(
      Rules rules,
      Caller caller,
      int xid,
      Refusal refusal,
      @Nullable ExportPath named,
      Supplier<String> asked) {
    String rule = ruleOf(rules, caller, refusal, named);
    trace.refused(
        caller.address(),
        refusal.why(),
        rule,
        () -> line(rules, caller, xid, refusal, named, rule, asked.get()).toString());
    return rule;
  }

  /**
   * Reports a call that was forwarded and whose reply may not be had.
   *
   * @param rules the rules it was judged by
   * @param refusal why, with its export
   * @param summary what the call is counted with; null if it is not
   * @param asked the operation, in words
   * @param noted the operation, for whoever wants to be told of the call
   */
  void reportReply(
      Rules rules,
      Caller caller,
      int xid,
      Refusal refusal,
      @Nullable CallSummary summary,
      Supplier<String> asked,
      Supplier<NotedOperation> noted) {
    Objects.requireNonNull(refusal.export(), "a reply is refused by its export").countRefusal();
    String rule = report(rules, caller, xid, refusal, null, asked);
    if (summary != null) {
      summary.refused(refusal.why().number());
      CallNote note = CallNotes.refusedReply(summary, caller, xid);
      if (note != null) {
        note.refuse(new NotedRefusal(noted.get(), refusal.why().word(), rule));
      }
    }
  }

  private RefusalLine line(
      Rules rules,
      Caller caller,
      int xid,
      Refusal refusal,
      @Nullable ExportPath named,
      String rule,
      String asked) {
    Export export = refusal.export();
    Parameters parameters = refusal.decision() == null ? null : parametersOf(rules, export, named);
    return new RefusalLine(
        caller.address(),
        caller.port(),
        xid,
        caller.peer(),
        asked,
        export == null ? null : export.toString(),
        refusal.why(),
        refusal.decision(),
        named != null,
        rule,
        parameters,
        caller.version(),
        caller.security(),
        trace.notOfTheFile());
  }

  private static Parameters parametersOf(
      Rules rules, @Nullable Export export, @Nullable ExportPath named) {
    if (export != null) {
      return rules.isUniform() ? rules.root() : ExportParameters.of(export, rules);
    }
    return named == null ? rules.ofUnseen() : rules.parameters(named, null);
  }

  private static String ruleOf(
      Rules rules, Caller caller, Refusal refusal, @Nullable ExportPath named) {
    Decision decision = refusal.decision();
    if (decision == null) {
      return refusal.why() == Refused.VERSIONS
          ? RefusingRule.ofUnplaced(
              rules,
              Decision.WRONG_VERSION,
              parameters -> !parameters.versions().contains(caller.version()))
          : RefusingRule.NONE;
    }
    Predicate<Parameters> refuses = parameters -> decides(decision, parameters, caller);
    Export export = refusal.export();
    if (export == null || export.paths().isEmpty()) {
      return named == null
          ? RefusingRule.ofUnplaced(rules, decision, refuses)
          : RefusingRule.of(rules, List.of(named), List.of(), decision, refuses);
    }
    List<ExportPath> paths = export.paths().stream().map(ExportPath::of).toList();
    String rule =
        RefusingRule.of(rules, paths, ExportParameters.named(export.fsids()), decision, refuses);
    HeldParameters held = HeldPlaces.held(export, rules);
    return rule.equals(RefusingRule.SEVERAL) && held != null
        ? RefusingRule.of(rules, List.of(ExportPath.of(held.path())), List.of(), decision, refuses)
        : rule;
  }

  // By the key alone: what else a rule says does not matter to the reason that was given.
  private static boolean decides(Decision decision, Parameters parameters, Caller caller) {
    return switch (decision) {
      case HIDDEN -> parameters.hidden();
      case NOT_A_CLIENT -> !parameters.clients().matches(caller.peer().address());
      case NO_ACCESS -> parameters.access() == Access.NONE;
      case READ_ONLY -> parameters.access() != Access.RW;
      case WRONG_VERSION -> !parameters.versions().contains(caller.version());
      case WRONG_FLAVOR -> !parameters.security().contains(caller.security());
      case WRONG_TRANSPORT -> !parameters.transport().contains(caller.peer().transport());
      case WRONG_CERTIFICATE -> !parameters.certificates().matches(caller.peer().names());
      case OPAQUE -> parameters.opaque() == UnreadableCalls.REFUSE && mayRefuse(parameters, caller);
      case ALLOWED -> false;
    };
  }

  private static boolean mayRefuse(Parameters parameters, Caller caller) {
    return parameters.squashing().squash() == Squash.ALL
        || parameters.access() != Access.RW
        || parameters.hidden()
        || !parameters.clients().matches(caller.peer().address())
        || !parameters.security().contains(caller.security())
        || !parameters.transport().contains(caller.peer().transport())
        || !parameters.certificates().matches(caller.peer().names())
        || parameters.versions().size() < NfsVersion.values().length;
  }
}
