package org.nfsproxy.server.admin;

/** What is served at one path. Asked on a worker thread, one at a time for each request. */
@FunctionalInterface
public interface Page {
  /**
   * What is to be said now.
   *
   * @param status of HTTP, for example 200
   * @param json a JsonObject or a JsonArray
   */
  record Answer(int status, Object json) {}

  /**
   * Answers.
   *
   * @return what is to be said now
   */
  Answer answer();
}
