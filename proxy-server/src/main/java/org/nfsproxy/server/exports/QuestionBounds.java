package org.nfsproxy.server.exports;

/**
 * How many questions the origin is asked at once, and for whom.
 *
 * @param perConnectionMax for one connection, those that wait for their turn among them
 */
public record QuestionBounds(int underWayMax, int perClientMax, int perConnectionMax) {
  /** The defaults of the configuration. */
  public static final QuestionBounds DEFAULT = new QuestionBounds(32, 16, 16);
}
