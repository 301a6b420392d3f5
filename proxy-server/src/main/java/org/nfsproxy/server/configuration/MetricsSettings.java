package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * What is counted of calls.
 *
 * @param clients client addresses that are counted by themselves
 * @param exports exports that are
 * @param pairs of all such clients, pairs of export and operation that are
 * @param pairsPerClient of each
 * @param otlp the collector that all of it is pushed to
 */
public record MetricsSettings(
    boolean enabled, int clients, int exports, int pairs, int pairsPerClient, OtlpSettings otlp) {
  static MetricsSettings read(Section section) {
    return new MetricsSettings(
        Keys.METRICS_ENABLED.in(section),
        Keys.METRICS_CLIENTS.in(section),
        Keys.METRICS_EXPORTS.in(section),
        Keys.METRICS_PAIRS.in(section),
        Keys.METRICS_PAIRS_PER_CLIENT.in(section),
        OtlpSettings.read(section.section("otlp")));
  }
}
