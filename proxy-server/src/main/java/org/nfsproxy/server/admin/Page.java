package org.nfsproxy.server.admin;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/** What is served at one path. Asked on a worker thread, one at a time for each request. */
@FunctionalInterface
public interface Page {
  /**
   * What is to be said now.
   *
   * @param status of HTTP, for example 200
   * @param json a JsonObject or a JsonArray; or {@link Text}
   */
  record Answer(int status, Object json) {}

  /** Text in place of JSON. */
  record Text(String contentType, byte[] bytes) {}

  /**
   * Answers.
   *
   * @return what is to be said now
   */
  Answer answer();

  /**
   * Answers somebody who says what he takes.
   *
   * @param accept the request's header Accept; null if it has none
   * @return what is to be said now
   */
  default Answer answer(@Nullable String accept) {
    return answer();
  }

  /**
   * Answers somebody who asks for something of it.
   *
   * @param accept the request's header Accept; null if it has none
   * @return what is to be said now
   */
  default Answer answer(@Nullable String accept, MultiMap parameters) {
    return answer(accept);
  }
}
