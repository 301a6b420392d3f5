package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * How calls are judged.
 *
 * @param unknownOperations what becomes of a call that holds an operation no table has
 */
public record Calls(UnknownOperations unknownOperations) {
  static Calls read(Section section) {
    return new Calls(Keys.UNKNOWN_OPERATIONS.in(section));
  }
}
