package org.nfsproxy.backend.coordinated;

import java.util.List;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.configuration.ValueForm;

// Every key of this backend, with its default and where that comes from.
final class CoordinatedKeys {
  private static final int ID_MAX = Integer.MAX_VALUE;
  private static final String ID_RANGE = "1 to " + ID_MAX;

  static final Key<List<Section>> FILESYSTEMS =
      new Key<List<Section>>(
              "backend.filesystems",
              null,
              "an array of objects, each with `id` and `path`",
              "The filesystems that are served, the same on every instance.",
              "",
              Section::sections)
          .form(ValueForm.objects(1));

  static final Key<Integer> ID =
      new Key<Integer>(
              "backend.filesystems[].id",
              null,
              ID_RANGE,
              "The filesystem's number in filehandles, and its fsid. The same on every instance, and"
                  + " for ever: with another number all handles are stale.",
              "",
              CoordinatedKeys::id)
          .form(ValueForm.number(1, ID_MAX));

  // 0 stands for an id that was reported.
  private static int id(Section section, String name) {
    int id = section.integer(name, 0, 1, ID_MAX);
    if (id == 0 && !section.isReported(name)) {
      section.report(name, "nothing", ID_RANGE);
    }
    return id;
  }

  static final Key<String> PATH =
      Key.required(
          "backend.filesystems[].path",
          TextForm.of(
              CoordinatedSettings::isAbsolute,
              "an absolute path without . and .. and without a slash at its end",
              "/|(/(?!\\.\\.?(/|$))[^/\\u0000]+)+"),
          "Where the filesystem is mounted, and the path at which clients mount it. It must be a"
              + " mount point, of a whole filesystem whose file handles last. One mounted below"
              + " another one is crossed into.");

  static final Key<Integer> WORKERS =
      Key.int32(
          "backend.workers",
          CoordinatedBackend.WORKERS_DEFAULT,
          1,
          1024,
          "Calls executed at once, each on a thread of its own, which may wait for a disk.",
          "Linux's nfsd has 8 threads by default; these also answer the proxy's own questions.");

  static final Key<Integer> OPEN_FILES_MAX =
      Key.int32(
          "backend.openFilesMax",
          1024,
          16,
          1_000_000,
          "Files and directories kept open for the next call, with up to three descriptors each."
              + " What was not used for some seconds is closed.",
          "What clients are at in any second; three descriptors each are far within what Linux"
              + " lets a process have (524,288 under systemd).");

  static final Key<Boolean> SYNC =
      Key.bool(
          "backend.sync",
          true,
          "Whether what a call changed in directories and attributes is on disk before its reply."
              + " Without it, a crash of the machine (not of the proxy) loses what clients were told"
              + " is done.",
          "RFC 1813 demands it, and Linux's nfsd does so (`sync` in exports(5)).");

  static final Key<Integer> JOIN_MILLIS =
      Key.int32(
          "backend.joinMillis",
          CoordinatedBackend.JOIN_MILLIS_DEFAULT,
          0,
          600_000,
          "With `cluster.enabled`: how long calls wait after the start until this instance has"
              + " joined the others and compared its filesystems with theirs. After that it serves"
              + " what it has, and compares later. 0: at once.",
          "Measured: a member joins in 1 to 4 seconds, in 15 on a busy machine.");

  static final Key<Long> KEPT_REPLY_BYTES_MAX =
      Key.int64(
          "backend.keptReplyBytesMax",
          CoordinatedBackend.KEPT_REPLY_BYTES_DEFAULT,
          0,
          1L << 40,
          "Memory of large replies that is kept for the next ones, in pieces of 1 MiB. Without it,"
              + " each READ of 1 MiB costs a third more processor time. What was not used for some"
              + " seconds is given back.",
          "Twice what the default number of `backend.workers` makes at once: as much again is on"
              + " its way to clients.");

  static final Key<Long> REPLY_BYTES_MAX =
      new Key<Long>(
              "backend.replyBytesMax",
              0L,
              "0, or " + ReplyBounds.BYTES_MIN + " to " + (1L << 40),
              "Memory of replies that are being made, or that their clients have not taken yet. A call"
                  + " whose reply has no room is not executed before it has. One client (address) has"
                  + " seven eighths of it at most; from a quarter on, a connection gets room for one"
                  + " reply at a time. 0 is a quarter of what Java may have outside of its heap"
                  + " (`-XX:MaxDirectMemorySize`, or else `-Xmx`).",
              "Calls (`limits.recordMemoryBytesMax`) and what is kept for further replies need memory"
                  + " of the same kind.",
              CoordinatedKeys::replyBytes)
          .form(ValueForm.zeroOr(ReplyBounds.BYTES_MIN, 1L << 40));

  private static long replyBytes(Section section, String name) {
    long bytes = section.int64(name, 0, 0, 1L << 40);
    if (bytes != 0 && bytes < ReplyBounds.BYTES_MIN && !section.isReported(name)) {
      section.report(name, Long.toString(bytes), "0, or at least " + ReplyBounds.BYTES_MIN);
      return 0;
    }
    return bytes;
  }

  static final Key<Long> REPLY_BYTES_PER_CONNECTION_MAX =
      Key.int64(
          "backend.replyBytesPerConnectionMax",
          CoordinatedBackend.REPLY_BYTES_PER_CONNECTION_DEFAULT,
          0,
          1L << 40,
          "The same for one connection, which gets room for one reply in any case.",
          "Four READs of 1 MiB: more than a line of 10 Gbit/s takes in 3 ms.");

  static final Key<Integer> REPLY_STALL_MILLIS =
      Key.int32(
          "backend.replyStallMillis",
          CoordinatedBackend.REPLY_STALL_MILLIS_DEFAULT,
          100,
          600_000,
          "While others wait for room for their replies, a client that holds some and takes no byte"
              + " of it for this long is closed. It connects anew and asks again. Without need"
              + " `limits.stallMillis` holds.",
          "A client that lives takes some bytes within seconds, on a slow line too.");

  static final List<Key<?>> ALL =
      List.of(
          FILESYSTEMS,
          ID,
          PATH,
          WORKERS,
          OPEN_FILES_MAX,
          KEPT_REPLY_BYTES_MAX,
          REPLY_BYTES_MAX,
          REPLY_BYTES_PER_CONNECTION_MAX,
          REPLY_STALL_MILLIS,
          SYNC,
          JOIN_MILLIS);

  private CoordinatedKeys() {}
}
