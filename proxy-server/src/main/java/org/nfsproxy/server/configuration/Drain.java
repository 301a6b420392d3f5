package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * How clients are sent away, when the proxy stops, is drained, or sheds a share of them.
 *
 * @param noticeMillis between failing readiness and the first connection that is closed
 * @param spreadMillis over which many connections are closed
 */
public record Drain(int noticeMillis, int spreadMillis) {
  /** A client that comes back costs its new instance a connection to the origin, and a burst. */
  private static final int MILLIS_EACH = 20;

  static Drain read(Section section) {
    return new Drain(Keys.NOTICE_MILLIS.in(section), Keys.SPREAD_MILLIS.in(section));
  }

  /**
   * Over which time a number of connections is closed.
   *
   * @return at most {@code spreadMillis}, and less for a few
   */
  public int spreadMillis(int connections) {
    return (int) Math.min(spreadMillis, (long) MILLIS_EACH * connections);
  }
}
