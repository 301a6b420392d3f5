package org.nfsproxy.server.cache.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** What to do about a disk that has failed. */
final class DiskCure {
  private DiskCure() {}

  static String of(IOException failed) {
    if (failed instanceof NotOursException strange) {
      return strange.cure();
    }
    String why = failed.toString().toLowerCase(Locale.ROOT);
    if (why.contains("no space") || why.contains("quota")) {
      return "Give it more room, or lower cache.diskBytesMax, and restart";
    }
    if (why.contains("read-only")) {
      return "Mount it for writing (the kernel's log may say why it is not), and restart";
    }
    if (why.contains("too many open files")) {
      return "Let the process open more (LimitNOFILE= of systemd): a file for each 64 MiB";
    }
    if (failed instanceof NoSuchFileException) {
      return "Leave the directory to the proxy alone, and restart";
    }
    return "Look at the disk (the kernel's log may say more), and restart";
  }
}
