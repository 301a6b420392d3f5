package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;

/** Warns of a cache that will hardly be as it was meant, by what the file says alone. */
final class CacheDoubts {
  private static final int SETTLED_MILLIS_MIN = 2000;

  private CacheDoubts() {}

  /**
   * To be called when all else has been read, and is right.
   *
   * @param servers how many origins there are
   */
  static void warn(Section root, ProxyConfiguration proxy, int servers) {
    CacheSettings cache = proxy.cache();
    Section section = root.section("cache");
    if (!cache.enabled()) {
      warnOfRules(root.section("exports"), proxy.exports().rules());
      return;
    }
    if (servers != 1) {
      section.warn(CacheKeys.ENABLED.name(), "there is no cache, since " + whyNone(servers));
    }
    if (cache.settledMillis() < SETTLED_MILLIS_MIN) {
      section.warn(
          CacheKeys.SETTLED_MILLIS.name(),
          "%d is for tests, clients may be sent stale data: set %d or more"
              .formatted(cache.settledMillis(), SETTLED_MILLIS_MIN));
    }
  }

  private static String whyNone(int servers) {
    return servers == 0
        ? "a backend of this type connects to no server: what it serves is here already"
        : "it needs one origin and there are %d: backend.origin.equivalents may hold other versions of a file"
            .formatted(servers);
  }

  // "off" is what there is then.
  private static void warnOfRules(Section exports, Rules rules) {
    String text = "there is no cache, since cache.enabled is false";
    Section parameters = exports.section("parameters");
    if (parameters.isGiven(Keys.CACHE.key().name()) && Keys.CACHE.in(parameters) == Caching.ON) {
      parameters.warn(Keys.CACHE.key().name(), text);
    }
    for (Rule rule : rules.rules()) {
      if (rule.overrides().cache() == Caching.ON) {
        exports.warn(Keys.RULES.name(), "the rule for %s, cache: %s".formatted(rule, text));
      }
    }
  }
}
