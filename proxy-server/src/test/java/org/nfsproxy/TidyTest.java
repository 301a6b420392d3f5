package org.nfsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.nfsproxy.testing.Repository;

// Properties of the project's own files.
class TidyTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]*)(#[^)\\s]*)?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");

  private static final Path DECISIONS = Repository.ROOT.resolve("docs/decisions");
  private static final Pattern ROW_OF_DECISION =
      Pattern.compile(
          "(?m)^\\| (\\d+) \\| \\[[^]]+]\\(([^)]*)\\) \\| (?:in force|replaced by \\d)");
  private static final Pattern REPLACED =
      Pattern.compile("(?m)^\\*\\*Replaced\\*\\* by \\[(\\d+)]");
  private static final Pattern REPLACED_ROW =
      Pattern.compile("(?m)^\\| (\\d+) \\| .* \\| replaced by (\\d+)");

  // Cut in pieces, or this file would hold what it looks for.
  private static final Pattern LEFT_TO_DO =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b(?! #\\d)");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?i)\\b(repo\\d*|central|oss|search|registry|files)\\.(maven|sonatype|npmjs|apache\\.maven)"
              + "|mvnrepo"
              + "sitory|py"
              + "pi\\.org|maven"
              + "central|docker"
              + "\\.io");

  private static final Pattern FEW_WORDS = Pattern.compile("(\\s*)// (\\S+)(?: \\S+)?");
  private static final int LINE_CHARACTERS_MAX = 100;

  private static List<String> lines(Pattern pattern, List<Path> files) {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      String[] lines = Repository.text(file).split("\n", -1);
      for (int i = 0; i < lines.length; i++) {
        if (pattern.matcher(lines[i]).find()) {
          found.add(Repository.ROOT.relativize(file) + ":" + (i + 1) + ": " + lines[i].strip());
        }
      }
    }
    return found;
  }

  private static List<Path> texts() {
    return Repository.files(".java", ".md", ".xml", ".json", ".sh", ".yml", ".yaml", "/run");
  }

  @Test
  void links_resolve() {
    List<String> broken = new ArrayList<>();
    for (Path file : Repository.files(".md")) {
      Matcher link = LINK.matcher(Repository.text(file));
      while (link.find()) {
        if (!link.group(1).contains(":") && !resolves(file, link.group(1), link.group(2))) {
          broken.add(Repository.ROOT.relativize(file) + ": " + link.group());
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static boolean resolves(Path from, String path, String anchor) {
    Path target = path.isEmpty() ? from : from.resolveSibling(path);
    if (!Files.exists(target)) {
      return false;
    }
    return anchor == null || !target.toString().endsWith(".md") || anchors(target).contains(anchor);
  }

  // As the forges make them of headings.
  private static List<String> anchors(Path file) {
    return HEADING
        .matcher(Repository.text(file))
        .results()
        .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
        .map(text -> "#" + text.replaceAll("[^\\p{Alnum} _-]", "").replace(' ', '-'))
        .collect(Collectors.toList());
  }

  // In the order of their numbers.
  @Test
  void indexOfDecisions_hasEachOnce() {
    Path index = DECISIONS.resolve("README.md");
    List<String> linked =
        ROW_OF_DECISION
            .matcher(Repository.text(index))
            .results()
            .map(row -> row.group(1) + " " + row.group(2))
            .toList();
    List<String> there =
        Repository.files(".md").stream()
            .filter(file -> file.startsWith(DECISIONS) && !file.equals(index))
            .map(file -> file.getFileName().toString())
            .map(name -> Integer.parseInt(name.substring(0, 4)) + " " + name)
            .toList();
    assertEquals(there, linked);
  }

  // A decision that was replaced says by which, and the index says the same.
  @Test
  void replacedDecisions_areMarkedInTheIndex() {
    List<String> said = new ArrayList<>();
    for (Path file : Repository.files(".md")) {
      Matcher replaced = REPLACED.matcher(Repository.text(file));
      if (file.startsWith(DECISIONS) && replaced.find()) {
        int number = Integer.parseInt(file.getFileName().toString().substring(0, 4));
        said.add(number + " by " + replaced.group(1));
      }
    }
    List<String> indexed =
        REPLACED_ROW
            .matcher(Repository.text(DECISIONS.resolve("README.md")))
            .results()
            .map(row -> row.group(1) + " by " + row.group(2))
            .toList();
    assertEquals(said, indexed);
  }

  // The formatter breaks a comment's line that has become too long, and leaves the rest of it as a
  // line of its own, in the midst of a sentence.
  @Test
  void comments_areNotTorn() {
    List<String> torn = new ArrayList<>();
    for (Path file : Repository.files(".java")) {
      String[] lines = Repository.text(file).split("\n", -1);
      for (int i = 1; i < lines.length - 1; i++) {
        if (isTorn(lines[i - 1], lines[i], lines[i + 1])) {
          torn.add(Repository.ROOT.relativize(file) + ":" + (i + 1) + ": " + lines[i].strip());
        }
      }
    }
    assertEquals(List.of(), torn);
  }

  // One or two words between two lines, of which the first had no room for them.
  private static boolean isTorn(String before, String line, String behind) {
    Matcher few = FEW_WORDS.matcher(line);
    if (!few.matches()) {
      return false;
    }
    String begin = few.group(1) + "//";
    return before.startsWith(begin)
        && behind.startsWith(begin + " ")
        && before.length() + 1 + few.group(2).length() > LINE_CHARACTERS_MAX;
  }

  @Test
  void tornComment_isSeen() {
    String full = "  // " + "x".repeat(94);
    assertTrue(isTorn(full, "  // torn", "  // behind"));
    assertTrue(isTorn(full, "  // torn off", "  //     behind, in a diagram"));
    assertFalse(isTorn(full, "  // the paragraph's end.", "  //"));
    assertFalse(isTorn(full, "  // three words here", "  // behind"));
    assertFalse(isTorn("  // room enough", "  // short", "  // behind"));
    assertFalse(isTorn("  call();", "  // short", "  // behind"));
  }

  // Of classes LayeringTest sees only those that the tests of this module can load.
  @Test
  void fileOfJava_hasItsNameAlone() {
    Map<String, List<Path>> named =
        Repository.files(".java").stream()
            .filter(file -> !file.endsWith("package-info.java"))
            .collect(Collectors.groupingBy(file -> file.getFileName().toString()));
    named.values().removeIf(files -> files.size() == 1);
    assertEquals(Map.of(), named);
  }

  @Test
  void whatIsLeftToDo_hasAnIssue() {
    assertEquals(List.of(), lines(LEFT_TO_DO, texts()));
  }

  @Test
  void noPackageRegistry_isNamed() {
    assertEquals(List.of(), lines(REGISTRY, texts()));
  }
}
