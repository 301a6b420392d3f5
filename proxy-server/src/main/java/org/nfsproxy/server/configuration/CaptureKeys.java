package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.int64;

import java.util.List;
import org.nfsproxy.configuration.Key;

/** The keys of {@code capture}. */
final class CaptureKeys {
  static final Key<Integer> CALLS_MAX =
      int32(
          "capture.callsMax",
          1_000,
          1,
          100_000,
          "The most calls of a client that `POST /capture` takes down at once.",
          "More than anybody reads; who needs all records packets.");

  static final Key<Long> BYTES_MAX =
      int64(
          "capture.bytesMax",
          4L << 20,
          64L << 10,
          1L << 30,
          "Memory that they may take, roughly. They are kept until the next capture begins.",
          "A thousand calls with some long names.");

  static final Key<Integer> MILLIS_MAX =
      int32(
          "capture.millisMax",
          600_000,
          1_000,
          24 * 3600 * 1000,
          "How long a capture may last. It ends by itself.",
          "Long enough to try again what did not work; and nobody forgets it.");

  static final List<Key<?>> ALL = List.of(CALLS_MAX, BYTES_MAX, MILLIS_MAX);

  private CaptureKeys() {}
}
