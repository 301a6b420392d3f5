package org.nfsproxy.server.probe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.nfsproxy.server.text.Table;

/** A report as text: where, what is served, the filesystems, the findings, the verdict. */
final class ReportLines {
  /** As many as a sentence has room for. */
  private static final int PATHS_SHOWN = 6;

  private static final List<String> FILESYSTEM_TITLES =
      List.of(
          "PATH",
          "FSID",
          "BY",
          "HANDLE",
          "KERNEL RE-EXPORT",
          "READ",
          "WRITE",
          "PORT",
          "ROOT",
          "FLAVORS");

  private final ProbeReport report;
  private final ProbeFacts facts;
  private final List<String> lines = new ArrayList<>();

  private ReportLines(ProbeReport report) {
    this.report = report;
    this.facts = report.facts();
  }

  static List<String> of(ProbeReport report) {
    ReportLines text = new ReportLines(report);
    text.head();
    if (!text.facts.programs.isEmpty()) {
      text.programs();
    }
    if (!text.facts.filesystems.isEmpty()) {
      text.filesystems();
    }
    text.findings();
    text.lines.add("");
    text.lines.add(text.verdict());
    return text.lines;
  }

  private void head() {
    String at =
        facts.addresses.isEmpty() || facts.addresses.get(0).equals(facts.asked.host())
            ? ""
            : " (" + facts.addresses.get(0) + ")";
    lines.add("%s%s, port %d".formatted(facts.asked.host(), at, facts.asked.nfsPort()));
  }

  private void programs() {
    List<List<String>> rows = new ArrayList<>();
    for (ProgramRow row : facts.programs) {
      rows.add(
          List.of(
              ProgramName.of(row.program),
              row.versions.stream()
                  .map(Integer::toUnsignedString)
                  .collect(Collectors.joining(", ")),
              row.transport,
              String.valueOf(row.port),
              row.isRegistered ? "registered" : "asked there"));
    }
    table(List.of("PROGRAM", "VERSIONS", "OVER", "PORT", "BY"), rows);
  }

  private void filesystems() {
    List<List<String>> rows = new ArrayList<>();
    for (ProbedFilesystem each : facts.filesystems) {
      List<FilesystemView> reached = each.reached();
      rows.add(reached.isEmpty() ? refusedRow(each) : row(each, reached));
    }
    table(FILESYSTEM_TITLES, rows);
  }

  private static List<String> row(ProbedFilesystem each, List<FilesystemView> reached) {
    FilesystemView first = reached.get(0);
    int longest = reached.stream().mapToInt(FilesystemView::handleBytes).max().orElse(0);
    return List.of(
        each.path(),
        first.hasIdentity ? first.fsid() : "-",
        FsidKind.of(first.reachedRoot()).shown(),
        handle(first, longest),
        "%d: %s".formatted(KernelReexport.handleBytes(longest), KernelReexport.fits(longest)),
        Amount.bytes(first.readMax),
        Amount.bytes(first.writeMax),
        switch (each.port()) {
          case ANY -> "any";
          case RESERVED -> "< 1024";
          case UNKNOWN -> "?";
        },
        each.rootAccess().shown(),
        flavors(each));
  }

  private static String handle(FilesystemView view, int longest) {
    int root = view.reachedRoot().length();
    return root == longest ? String.valueOf(root) : "%d to %d".formatted(root, longest);
  }

  private static List<String> refusedRow(ProbedFilesystem each) {
    String why =
        each.views().stream()
            .map(view -> "v" + view.version + " " + view.failure)
            .collect(Collectors.joining(", "));
    String need = each.port() == PortNeed.RESERVED ? "< 1024" : "-";
    return List.of(each.path(), "-", "-", "-", why, "-", "-", need, "-", flavors(each));
  }

  private static String flavors(ProbedFilesystem each) {
    return each.views().stream()
        .filter(view -> !view.flavors.isEmpty())
        .findFirst()
        .map(view -> String.join(",", view.flavors))
        .orElse("-");
  }

  private void table(List<String> titles, List<List<String>> rows) {
    lines.add("");
    lines.addAll(Table.lines(titles, rows));
  }

  private void findings() {
    lines.add("");
    // What matters most comes last, where a terminal shows it.
    List<Finding> findings = new ArrayList<>(report.findings());
    findings.sort(Comparator.comparing(Finding::severity));
    for (Finding each : findings) {
      String paths = paths(each.paths());
      lines.add(
          "%-6s  %s: %s%s"
              .formatted(
                  each.severity().name().toLowerCase(Locale.ROOT),
                  each.name(),
                  each.found(),
                  paths));
      lines.add("        " + each.means());
      if (!each.cure().isEmpty()) {
        lines.add("        → " + each.cure());
      }
    }
  }

  private static String paths(List<String> paths) {
    if (paths.isEmpty()) {
      return "";
    }
    int shown = Math.min(PATHS_SHOWN, paths.size());
    String more = paths.size() > shown ? " and %d more".formatted(paths.size() - shown) : "";
    return " [" + String.join(", ", paths.subList(0, shown)) + more + "]";
  }

  private String verdict() {
    long changes =
        report.findings().stream()
            .filter(each -> each.severity().compareTo(Severity.CHANGE) >= 0)
            .count();
    String sentence = facts.asked.host() + ": " + report.verdict().sentence();
    return report.verdict() == ProbeVerdict.WITH_CHANGES
        ? sentence + " (" + changes + ")"
        : sentence;
  }
}
