package org.nfsproxy.server.metrics;

/** What flowed a second in the last stretch between two looks; written by one thread. */
public final class FlowRates {
  /** Before there were two looks. */
  static final FlowRates NONE = new FlowRates();

  /**
   * A stretch.
   *
   * @param calls a second
   * @param bytesIn a second
   * @param bytesOut a second
   * @param originMillis a call's mean time at the origin; 0 if there was none
   * @param proxyMillis a call's mean time in the proxy; 0 if there was none
   */
  public record Stretch(
      double calls, double bytesIn, double bytesOut, double originMillis, double proxyMillis) {}

  private static final Stretch NOTHING = new Stretch(0, 0, 0, 0, 0);

  private long calls;
  private long bytesIn;
  private long bytesOut;
  private double originSeconds;
  private double proxySeconds;
  private volatile Stretch last = NOTHING;

  /** Looks. */
  void look(FlowTotals now, double seconds) {
    long calls = now.calls();
    long bytesIn = now.bytesIn();
    long bytesOut = now.bytesOut();
    double originSeconds = now.originSeconds();
    double proxySeconds = now.proxySeconds();
    long more = calls - this.calls;
    last =
        new Stretch(
            more / seconds,
            (bytesIn - this.bytesIn) / seconds,
            (bytesOut - this.bytesOut) / seconds,
            more == 0 ? 0 : 1000 * (originSeconds - this.originSeconds) / more,
            more == 0 ? 0 : 1000 * (proxySeconds - this.proxySeconds) / more);
    this.calls = calls;
    this.bytesIn = bytesIn;
    this.bytesOut = bytesOut;
    this.originSeconds = originSeconds;
    this.proxySeconds = proxySeconds;
  }

  /**
   * The last stretch.
   *
   * @return what flowed in it
   */
  public Stretch last() {
    return last;
  }
}
