package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.int64;
import static org.nfsproxy.configuration.Key.texts;

import java.util.List;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;

/** The keys of {@code cache.warm}. */
final class WarmKeys {
  private static final long ID_MAX = 0xffff_ffffL;

  static final Key<Long> UID =
      int64(
          "cache.warm.uid",
          -1,
          -1,
          ID_MAX,
          "As whom `POST /cache/warm` reads: the origin allows it what it allows to that user. -1:"
              + " nobody is named, and it is refused.",
          "Whoever may read everything is not to be taken unasked. 0 is squashed by most origins.");

  static final Key<Long> GID =
      int64(
          "cache.warm.gid",
          -1,
          -1,
          ID_MAX,
          "The group that goes with it. -1: the same number as `cache.warm.uid`.",
          "A user's own group has its number on most systems.");

  static final Key<List<String>> GIDS =
      texts(
          "cache.warm.gids",
          List.of(),
          TextForm.of(
              WarmKeys::isId,
              "a number of a group, as a text",
              "0|[1-9][0-9]{0,8}|[1-3][0-9]{9}|4[01][0-9]{8}"),
          "Its further groups, 16 at most: as many as AUTH_SYS has.",
          "None.");

  static final Key<Integer> FILES_MAX =
      int32(
          "cache.warm.filesMax",
          16_384,
          1,
          1 << 20,
          "Files and directories that one `POST /cache/warm` looks at. With more it ends, and says"
              + " so.",
          "A quarter of `cache.filesMax`. Some 500 bytes of Java's heap for each while it runs.");

  static final Key<Long> BYTES_IN_FLIGHT_MAX =
      int64(
          "cache.warm.bytesInFlightMax",
          4L << 20,
          64L << 10,
          64L << 20,
          "Bytes that it has asked the origin for and not got. They share the line with what clients"
              + " read; a slow line must bring them within 10 seconds.",
          "What is on its way on a line with 300 Mbit/s and 100 ms.");

  static final List<Key<?>> ALL = List.of(UID, GID, GIDS, FILES_MAX, BYTES_IN_FLIGHT_MAX);

  private WarmKeys() {}

  private static boolean isId(String text) {
    return text.matches("0|[1-9][0-9]{0,9}") && Long.parseLong(text) <= ID_MAX;
  }
}
