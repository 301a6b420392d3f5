package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * Data that instances serve each other.
 *
 * @param enabled whether they do
 * @param host an address of this machine, or a network; not empty if they do
 * @param port where others ask this one
 * @param secretFile what all have in common; empty only where there are no others
 * @param answerMillis how long a call is held for a first word
 * @param waitMillis how long somebody who fetches is waited for
 * @param asksMax questions of one instance at a time
 * @param unsentBytesMax what may wait to be sent to one
 * @param putBytesMax what was read for others and is on its way
 * @param instancesMax others that are connected
 */
public record NeighbourSettings(
    boolean enabled,
    String host,
    int port,
    String secretFile,
    int answerMillis,
    int waitMillis,
    int asksMax,
    int unsentBytesMax,
    long putBytesMax,
    int instancesMax) {
  static NeighbourSettings read(Section section, Cluster cluster) {
    String host = NeighbourKeys.HOST.in(section);
    NeighbourSettings settings =
        new NeighbourSettings(
            NeighbourKeys.ENABLED.in(section),
            host.isEmpty() ? cluster.host() : host,
            NeighbourKeys.PORT.in(section),
            NeighbourKeys.SECRET_FILE.in(section),
            NeighbourKeys.ANSWER_MILLIS.in(section),
            NeighbourKeys.WAIT_MILLIS.in(section),
            NeighbourKeys.ASKS_MAX.in(section),
            NeighbourKeys.UNSENT_BYTES_MAX.in(section),
            NeighbourKeys.PUT_BYTES_MAX.in(section),
            NeighbourKeys.INSTANCES_MAX.in(section));
    boolean hasNoSecret =
        settings.secretFile.isEmpty() && !section.isReported(NeighbourKeys.SECRET_FILE.name());
    if (settings.enabled && !cluster.enabled()) {
      section.warn(
          NeighbourKeys.ENABLED.name(),
          "there is nobody to ask, since cluster.enabled is false, and that is how instances find each"
              + " other"
              + (hasNoSecret ? "; then cache.neighbours.secretFile will be needed, too" : ""));
    } else if (settings.enabled && hasNoSecret) {
      section.report(
          NeighbourKeys.SECRET_FILE.name(),
          "nothing",
          "a file with a secret of the instances, since cache.neighbours.enabled is true (openssl rand"
              + " -hex 32)");
    }
    return settings;
  }
}
