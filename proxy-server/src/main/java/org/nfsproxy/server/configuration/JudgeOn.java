package org.nfsproxy.server.configuration;

/** Which threads judge calls. */
public enum JudgeOn {
  /** Threads of their own: nothing but bytes is moved on an event loop. */
  WORKERS,
  /** The event loop that read them, as long as they are small; larger ones go to workers. */
  LISTENERS
}
