package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * What is known of the origin's filesystems.
 *
 * @param exportsMax filesystems that are known at once ({@code limits.exportsMax})
 * @param handlesMax handles that are remembered ({@code limits.handlesMax})
 * @param refreshMillis between two looks at what the origin exports
 * @param questionsMax questions to the origin at once ({@code limits.questionsMax})
 * @param questionsPerClientMax of which for one client's address
 * @param questionsPerConnectionMax open questions of one connection
 */
public record DiscoverySettings(
    int exportsMax,
    int handlesMax,
    int refreshMillis,
    int questionsMax,
    int questionsPerClientMax,
    int questionsPerConnectionMax) {
  static DiscoverySettings read(Section section, Section limits) {
    return new DiscoverySettings(
        Keys.EXPORTS_MAX.in(limits),
        Keys.HANDLES_MAX.in(limits),
        Keys.REFRESH_MILLIS.in(section),
        Keys.QUESTIONS_MAX.in(limits),
        Keys.QUESTIONS_PER_CLIENT_MAX.in(limits),
        Keys.QUESTIONS_PER_CONNECTION_MAX.in(limits));
  }
}
