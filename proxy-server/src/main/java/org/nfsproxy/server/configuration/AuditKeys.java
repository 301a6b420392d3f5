package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.int64;
import static org.nfsproxy.configuration.Key.text;
import static org.nfsproxy.configuration.Key.texts;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.nfs.table.Nfs2;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;

/** The keys of {@code audit}. */
final class AuditKeys {
  static final String CHANGES = "changes";
  static final String REFUSALS = "refusals";
  static final String UNREADABLE = "unreadable";

  private static final Pattern WHAT =
      Pattern.compile(String.join("|", CHANGES, REFUSALS, UNREADABLE));

  private static final String OPERATIONS =
      Stream.of(Nfs2.values(), Nfs3.values(), Nfs4.values())
          .flatMap(Stream::of)
          .map(Object::toString)
          .distinct()
          .sorted()
          .collect(Collectors.joining("|"));

  private static final Pattern OPERATION = Pattern.compile(OPERATIONS);

  static final Key<String> FILE =
      text(
          "audit.file",
          "",
          TextForm.ABSOLUTE_PATH.orEmpty(),
          "A file that is told who changed what and who was refused what, one event in JSON on a"
              + " line: docs/guide/observing.md#audit-log. It is made, with mode 0600, in a folder"
              + " that is there. Empty is none. Needs `metrics.enabled`.",
          "It is for who must know it afterwards, and costs disk.");

  static final Key<List<String>> WHAT_EVENTS =
      texts(
          "audit.what",
          List.of(CHANGES, REFUSALS, UNREADABLE),
          TextForm.of(
              text -> WHAT.matcher(text).matches(),
              "one of \"changes\", \"refusals\", \"unreadable\"",
              WHAT.pattern()),
          "What has events: operations that change files, refused calls, and calls under RPCSEC_GSS"
              + " that may change files, of which nobody here can read more than the header.",
          "What is missing was not asked for. With Kerberos and NFSv4 each call is unreadable, those"
              + " that only read too.");

  static final Key<List<String>> WITHOUT =
      texts(
          "audit.without",
          List.of(),
          TextForm.of(
              text -> OPERATION.matcher(text).matches(),
              "an operation's name in the RFC, such as \"WRITE\"",
              OPERATIONS),
          "Operations whose changes have no events. [\"WRITE\", \"COMMIT\"] leaves most of the"
              + " volume out, and what is written to a file with it.",
          "Nothing is left out unasked.");

  static final Key<Long> FILE_BYTES_MAX =
      int64(
          "audit.fileBytesMax",
          64L << 20,
          64L << 10,
          1L << 40,
          "How long the file becomes. Then it is renamed, with `.1` behind its name, and what had that"
              + " name to `.2`.",
          "Some 150,000 events: an hour at 40 a second.");

  static final Key<Integer> FILES_MAX =
      int32(
          "audit.filesMax",
          10,
          2,
          10_000,
          "How many files there are, the one that is written among them. The oldest is lost.",
          "With 64 MiB each, 640 MiB of disk.");

  static final Key<Integer> QUEUE_MAX =
      int32(
          "audit.queueMax",
          16_384,
          64,
          1 << 20,
          "Calls that may wait to be written. Beyond it, and of one client beyond half of it, calls"
              + " have no events and are counted.",
          "What is found twenty times a second at 300,000 changes a second.");

  static final Key<Long> QUEUE_BYTES_MAX =
      int64(
          "audit.queueBytesMax",
          16L << 20,
          64L << 10,
          1L << 34,
          "Memory that they may take, roughly; of one client half of it.",
          "A kilobyte for each.");

  static final List<Key<?>> ALL =
      List.of(FILE, WHAT_EVENTS, WITHOUT, FILE_BYTES_MAX, FILES_MAX, QUEUE_MAX, QUEUE_BYTES_MAX);

  private AuditKeys() {}
}
