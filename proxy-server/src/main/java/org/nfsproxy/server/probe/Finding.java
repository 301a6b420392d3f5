package org.nfsproxy.server.probe;

import java.util.List;

/**
 * One line of the report.
 *
 * @param name what it is about, the same in each version of this program
 * @param means what follows from that for clients of the proxy
 * @param cure what to do; empty if nothing is to be done
 * @param paths which filesystems it is about; empty if it is about all, or about none
 */
record Finding(
    String name, Severity severity, String found, String means, String cure, List<String> paths) {
  Finding {
    paths = List.copyOf(paths);
  }

  static Finding of(String name, Severity severity, String found, String means, String cure) {
    return new Finding(name, severity, found, means, cure, List.of());
  }

  Finding at(List<String> where) {
    return new Finding(name, severity, found, means, cure, where);
  }
}
