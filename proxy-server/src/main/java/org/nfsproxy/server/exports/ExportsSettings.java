package org.nfsproxy.server.exports;

/**
 * The bounds of what is known about exports.
 *
 * @param exportsMax exports that are kept
 * @param handlesMax handles that are remembered
 * @param refreshMillis time between looks at what the origin lists
 * @param questions how many the origin is asked at once
 */
public record ExportsSettings(
    int exportsMax, int handlesMax, int refreshMillis, QuestionBounds questions) {
  /**
   * Bounds, with the usual ones for questions.
   *
   * @param exportsMax exports that are kept
   * @param handlesMax handles that are remembered
   * @param refreshMillis time between looks at what the origin lists
   */
  public ExportsSettings(int exportsMax, int handlesMax, int refreshMillis) {
    this(exportsMax, handlesMax, refreshMillis, QuestionBounds.DEFAULT);
  }
}
