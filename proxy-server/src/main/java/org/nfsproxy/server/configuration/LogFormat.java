package org.nfsproxy.server.configuration;

/** How an event of the log is written. */
public enum LogFormat {
  /** For people: time, level and message. */
  TEXT,
  /** For programs: a JSON object on a line. */
  JSON
}
