package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * What is known of the origin's filesystems.
 *
 * @param exportsMax filesystems that are known at once ({@code limits.exportsMax})
 * @param handlesMax handles that are remembered ({@code limits.handlesMax})
 * @param refreshMillis between two looks at what the origin exports
 */
public record Discovery(int exportsMax, int handlesMax, int refreshMillis) {
  static Discovery read(Section section, Section limits) {
    return new Discovery(
        Keys.EXPORTS_MAX.in(limits), Keys.HANDLES_MAX.in(limits), Keys.REFRESH_MILLIS.in(section));
  }
}
