package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * The most that a capture of one client's calls may be.
 *
 * @param bytesMax how much memory they take, roughly
 */
public record CaptureSettings(int callsMax, long bytesMax, int millisMax) {
  static CaptureSettings read(Section section) {
    return new CaptureSettings(
        CaptureKeys.CALLS_MAX.in(section),
        CaptureKeys.BYTES_MAX.in(section),
        CaptureKeys.MILLIS_MAX.in(section));
  }
}
