package org.nfsproxy.server.configuration;

import java.util.List;
import org.nfsproxy.configuration.Section;

/**
 * The log of who changed what.
 *
 * @param file where it is; empty for none
 * @param changes whether operations that change files have events
 * @param unreadable whether calls have that nobody here can read
 * @param without operations that are left out
 * @param fileBytesMax how long the file becomes
 * @param filesMax how many files there are
 * @param queueMax calls that may wait to be written
 * @param queueBytesMax memory that they may take
 */
public record Audit(
    String file,
    boolean changes,
    boolean refusals,
    boolean unreadable,
    List<String> without,
    long fileBytesMax,
    int filesMax,
    int queueMax,
    long queueBytesMax) {
  static Audit read(Section section, boolean isCounted) {
    List<String> what = AuditKeys.WHAT_EVENTS.in(section);
    Audit audit =
        new Audit(
            AuditKeys.FILE.in(section),
            what.contains(AuditKeys.CHANGES),
            what.contains(AuditKeys.REFUSALS),
            what.contains(AuditKeys.UNREADABLE),
            AuditKeys.WITHOUT.in(section),
            AuditKeys.FILE_BYTES_MAX.in(section),
            AuditKeys.FILES_MAX.in(section),
            AuditKeys.QUEUE_MAX.in(section),
            AuditKeys.QUEUE_BYTES_MAX.in(section));
    if (audit.isOn() && !isCounted) {
      section.report(
          AuditKeys.FILE.name(),
          "a file, and metrics.enabled: false",
          "one of both: events are made where calls are counted");
    }
    return audit;
  }

  /**
   * Whether there is one.
   *
   * @return false without a file
   */
  public boolean isOn() {
    return !file.isEmpty();
  }
}
