package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.bool;
import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.int64;
import static org.nfsproxy.configuration.Key.text;

import java.util.List;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.server.policy.ClientMatch;

/** The keys of {@code cache.neighbours}. */
final class NeighbourKeys {
  static final Key<Boolean> ENABLED =
      bool(
          "cache.neighbours.enabled",
          false,
          "Whether the instances of a cluster serve each other what they have read, so that the origin"
              + " sends it once for all of them. It needs `cluster.enabled` and"
              + " `cache.neighbours.secretFile`; docs/guide/cache.md says what else.",
          "It opens a port, and takes a secret that all instances have in common.");

  static final Key<String> HOST =
      text(
          "cache.neighbours.host",
          "",
          new TextForm(
                  text -> !text.equals("*") && ClientMatch.isClient(text),
                  "an IP address of this machine, or a network such as 10.0.0.0/8 that it has an"
                      + " address in",
                  Forms.CLIENT.pattern().substring("\\*|".length()),
                  Forms::hostBits)
              .orEmpty(),
          "Where the other instances ask this one for data. Empty is `cluster.host`. Keep it on a"
              + " network of their own.",
          "Who tells each other little can tell each other more.");

  static final Key<Integer> PORT =
      int32(
          "cache.neighbours.port",
          4047,
          1,
          65535,
          "Its TCP port.",
          "Beside the one where locks are forwarded.");

  static final Key<String> SECRET_FILE =
      text(
          "cache.neighbours.secretFile",
          "",
          TextForm.ABSOLUTE_PATH.orEmpty(),
          "A file with a secret that all instances have in common, of 32 to 512 letters and digits"
              + " (`openssl rand -hex 32`); it may be that of `locks.secretFile`. Who does not know it"
              + " is told nothing, and believed nothing.",
          "A secret that was known to others would be none.");

  static final Key<Integer> ANSWER_MILLIS =
      int32(
          "cache.neighbours.answerMillis",
          50,
          1,
          1000,
          "How long a READ whose data are not here is held until another instance has said whether it"
              + " has them; a quarter more at most. Then the origin is asked. An instance that was late"
              + " is asked nothing more until it has answered.",
          "A network of the instances' own takes less than one, and a busy instance some tens. It"
              + " should not be far more than a way to the origin and back.");

  static final Key<Integer> WAIT_MILLIS =
      int32(
          "cache.neighbours.waitMillis",
          10_000,
          10,
          60_000,
          "How long instances wait for what another one fetches for all. Then they ask anew.",
          "As `cache.waitMillis`: longer than what clients have in flight takes on a line that is full.");

  static final Key<Integer> ASKS_MAX =
      int32(
          "cache.neighbours.asksMax",
          1024,
          16,
          65_536,
          "READs of one instance for which another one is asked at a time, that wait there for what a"
              + " third one fetches, and that it fetches for all; each is counted for itself. Beyond it"
              + " the origin is asked, for that instance alone.",
          "At 128 KiB each, 128 MiB that are under way.");

  static final Key<Integer> UNSENT_BYTES_MAX =
      int32(
          "cache.neighbours.unsentBytesMax",
          256 << 10,
          16 << 10,
          64 << 20,
          "What may wait in memory to be sent to one instance. Data that it asked for are taken up when"
              + " there is room.",
          "Two milliseconds of a line of 1 Gbit/s: an answer must not stand behind more.");

  static final Key<Long> PUT_BYTES_MAX =
      int64(
          "cache.neighbours.putBytesMax",
          16L << 20,
          1L << 20,
          1L << 32,
          "What was read here for others and is on its way to them, all together. More is dropped, and"
              + " they read it themselves.",
          "A tenth of a second of a line of 1 Gbit/s, and more than a long one brings in that time.");

  static final Key<Integer> INSTANCES_MAX =
      int32(
          "cache.neighbours.instancesMax",
          256,
          2,
          4096,
          "Other instances that this one connects to, the first ones by name, and that may be"
              + " connected to it. A warning says when there are more.",
          "More than one proxy has.");

  static final List<Key<?>> ALL =
      List.of(
          ENABLED,
          HOST,
          PORT,
          SECRET_FILE,
          ANSWER_MILLIS,
          WAIT_MILLIS,
          ASKS_MAX,
          UNSENT_BYTES_MAX,
          PUT_BYTES_MAX,
          INSTANCES_MAX);

  private NeighbourKeys() {}
}
