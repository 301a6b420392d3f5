package org.nfsproxy.server.configuration;

import java.util.List;
import org.nfsproxy.configuration.Section;

/**
 * Where an OpenTelemetry collector takes what is counted.
 *
 * @param url where it is; empty if there is none
 * @param periodMillis from one push to the next
 * @param headers of each push, as {@code Name: value}
 */
public record OtlpSettings(String url, int periodMillis, List<String> headers) {
  static OtlpSettings read(Section section) {
    return new OtlpSettings(
        Keys.OTLP_URL.in(section),
        Keys.OTLP_PERIOD_MILLIS.in(section),
        Keys.OTLP_HEADERS.in(section));
  }

  /**
   * Whether anything is pushed.
   *
   * @return false if there is no collector
   */
  public boolean enabled() {
    return !url.isEmpty();
  }
}
