package org.nfsproxy.server.probe;

/** The probe's time is over: it ends wherever it is, with what it has found. */
final class TimeIsOverException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TimeIsOverException() {
    super("the probe's time is over", null, false, false);
  }
}
