package org.nfsproxy.server.configuration;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nfsproxy.configuration.TextForm;

/**
 * How much one area of the program says in the log.
 *
 * @param area one of {@link #AREAS}
 * @param level a level's word, in capital letters
 */
public record LogLevel(String area, String level) {
  /** What can be set by itself: packages of the program, and the backend. */
  public static final List<String> AREAS =
      List.of(
          "access",
          "admin",
          "audit",
          "backend",
          "cache",
          "capture",
          "cluster",
          "configuration",
          "containment",
          "exports",
          "judge",
          "listen",
          "locks",
          "metrics",
          "nlm",
          "portmap",
          "refusals",
          "socket",
          "tls");

  private static final String LEVELS = "OFF|ERROR|WARN|INFO|DEBUG|TRACE";

  private static final Pattern TEXT =
      Pattern.compile("(" + String.join("|", AREAS) + ")=(" + LEVELS + ")");

  static final TextForm FORM =
      TextForm.of(
          text -> TEXT.matcher(text).matches(),
          "AREA=LEVEL, for example judge=DEBUG; areas: %s; levels: %s"
              .formatted(String.join(", ", AREAS), LEVELS.replace("|", ", ")),
          TEXT.pattern());

  /**
   * The levels there are.
   *
   * @return their words, from the one that says least
   */
  public static List<String> words() {
    return List.of(LEVELS.split("[|]"));
  }

  static LogLevel of(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(text);
    }
    return new LogLevel(parts.group(1), parts.group(2));
  }

  /** The area's name in Logback. */
  public String logger() {
    return area.equals("backend") ? "org.nfsproxy.backend" : "org.nfsproxy.server." + area;
  }
}
