package org.nfsproxy.server.refusals;

import java.net.InetAddress;
import java.util.Map;
import java.util.function.Supplier;
import org.nfsproxy.server.metrics.Refused;

/**
 * What is done about each refused call: it is counted by its rule, and told to the log within
 * bounds.
 *
 * @param log the log; what the origin itself said no to is not told there
 * @param notOfTheFile where the keys are from that others than the file have set, by their paths
 */
public record RefusalTrace(RefusalLog log, RefusalCounts counts, Map<String, String> notOfTheFile) {
  /** One for a configuration that stands in a file as a whole. */
  public RefusalTrace(RefusalLog log, RefusalCounts counts) {
    this(log, counts, Map.of());
  }

  /**
   * One that counts and writes nothing.
   *
   * @return another one each time
   */
  public static RefusalTrace silent() {
    return new RefusalTrace(new RefusalLog(0), new RefusalCounts());
  }

  /**
   * A call was refused.
   *
   * @param rule by which rule
   * @param line what is to be said, if anything is
   */
  public void refused(InetAddress client, Refused why, String rule, Supplier<String> line) {
    counts.count(rule, why);
    if (why != Refused.ORIGIN) {
      log.refused(client, why, rule, line);
    }
  }
}
