package org.nfsproxy.testing;

import java.io.PrintStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says at the end of {@code mvn verify} what this machine left out: tests whose assumptions do not
 * hold here, and what no run of Maven holds.
 */
// Found by JUnit through ServiceLoader. proxy-server is the last module, so this is the build's
// last word; skipped tests of the other modules stand in their own surefire lines.
public final class LeftOut implements TestExecutionListener {
  private static final String ELSEWHERE =
      "real kernels, Kerberos, other NFS clients and servers: they need root and packages;"
          + " .ci/run has them";

  private final Map<String, Set<String>> testsByReason = new TreeMap<>();

  private final PrintStream out;

  /** Made by ServiceLoader. */
  public LeftOut() {
    this(System.out);
  }

  LeftOut(PrintStream out) {
    this.out = out;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    leftOut(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == Status.ABORTED) {
      String message = result.getThrowable().map(Throwable::getMessage).orElse("no reason given");
      leftOut(test, message.replace("Assumption failed: ", ""));
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    out.println(report());
  }

  private void leftOut(TestIdentifier test, String reason) {
    testsByReason.computeIfAbsent(reason, r -> new TreeSet<>()).add(name(test));
  }

  private static String name(TestIdentifier test) {
    Object source = test.getSource().orElse(null);
    if (source instanceof MethodSource method) {
      String type = method.getClassName();
      return type.substring(type.lastIndexOf('.') + 1) + "." + method.getMethodName();
    }
    if (source instanceof ClassSource type) {
      return type.getClassName().substring(type.getClassName().lastIndexOf('.') + 1);
    }
    return test.getDisplayName();
  }

  private String report() {
    StringBuilder report = new StringBuilder("left out here: ").append(ELSEWHERE);
    testsByReason.forEach(
        (reason, tests) ->
            report
                .append("\nleft out here: ")
                .append(String.join(", ", tests))
                .append(": ")
                .append(reason));
    return report.toString();
  }
}
