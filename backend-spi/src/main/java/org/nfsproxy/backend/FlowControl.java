package org.nfsproxy.backend;

/** Stops and starts a source of bytes, so that a slow reader slows whoever writes to it. */
public interface FlowControl {
  /** Do not read more from the source for now. */
  void pause();

  /** Read from the source again. */
  void resume();
}
