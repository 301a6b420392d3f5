package org.nfsproxy.server;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lines of which each is told when it becomes true, and not again as long as it is. */
final class ToldOnce {
  private final Set<String> told = new HashSet<>();

  /** Those that were not among the last ones. */
  synchronized List<String> news(List<String> lines) {
    List<String> news = lines.stream().filter(line -> !told.contains(line)).toList();
    told.clear();
    told.addAll(lines);
    return news;
  }
}
