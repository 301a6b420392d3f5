package org.nfsproxy.server.metrics;

import java.util.List;

/** What all event loops together have counted of one client or export. */
public final class FlowTotals {
  private final List<Flow> flows;

  FlowTotals(List<Flow> flows) {
    this.flows = flows;
  }

  /**
   * What was counted of several that are one.
   *
   * @param all each of them
   */
  public static FlowTotals together(List<FlowTotals> all) {
    return new FlowTotals(all.stream().flatMap(each -> each.flows.stream()).toList());
  }

  List<Flow> flows() {
    return flows;
  }

  private long sum(int count) {
    long sum = 0;
    for (Flow flow : flows) {
      sum += flow.counts.get(count);
    }
    return sum;
  }

  /** Calls that were answered. */
  public long calls() {
    return sum(Flow.CALLS);
  }

  /** Those of them whose status is not OK. */
  public long errors() {
    return sum(Flow.ERRORS);
  }

  /**
   * The calls' bytes.
   *
   * @return with their record markers
   */
  public long bytesIn() {
    return sum(Flow.BYTES_IN);
  }

  /**
   * The replies' bytes.
   *
   * @return with their record markers
   */
  public long bytesOut() {
    return sum(Flow.BYTES_OUT);
  }

  /**
   * Times at the origin.
   *
   * @return all that were counted
   */
  public LatencyHistogram.Sum origin() {
    LatencyHistogram.Sum sum = LatencyHistogram.Sum.ofCoarse();
    flows.forEach(flow -> sum.add(flow.origin));
    return sum;
  }

  /**
   * Times in the proxy.
   *
   * @return all that were counted
   */
  public LatencyHistogram.Sum proxy() {
    LatencyHistogram.Sum sum = LatencyHistogram.Sum.ofCoarse();
    flows.forEach(flow -> sum.add(flow.proxy));
    return sum;
  }

  /**
   * The times at the origin added up.
   *
   * @return seconds
   */
  public double originSeconds() {
    double sum = 0;
    for (Flow flow : flows) {
      sum += flow.origin.seconds();
    }
    return sum;
  }

  /**
   * The times in the proxy added up.
   *
   * @return seconds
   */
  public double proxySeconds() {
    double sum = 0;
    for (Flow flow : flows) {
      sum += flow.proxy.seconds();
    }
    return sum;
  }

  /** Calls for an export that were refused. */
  public long refusals(Refused why) {
    return flows.stream().mapToLong(flow -> flow.refusals.get(why.number())).sum();
  }
}
