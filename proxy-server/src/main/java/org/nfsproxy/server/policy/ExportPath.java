package org.nfsproxy.server.policy;

import java.util.Arrays;
import java.util.List;

/**
 * A path in the origin's namespace, as its components: {@code /a//b/} is {@code /a/b}.
 *
 * @param components the names from the root on; empty for the root itself
 */
// Nothing is resolved: what ".." and a symbolic link mean, only the origin knows. A rule may
// therefore not hold a dot component; an export's path, which the origin gives, is taken as it is.
public record ExportPath(List<String> components) {
  /** The form of a rule's path, for messages. */
  public static final String FORM = "an absolute path without . and ..";

  /** The root of the namespace. */
  public static final ExportPath ROOT = new ExportPath(List.of());

  /**
   * A path of these components.
   *
   * @param components copied
   */
  public ExportPath {
    components = List.copyOf(components);
  }

  /**
   * Reads a path.
   *
   * @param text for example {@code /export/xfs}
   */
  public static ExportPath of(String text) {
    return new ExportPath(Arrays.stream(text.split("/")).filter(name -> !name.isEmpty()).toList());
  }

  /**
   * Whether a rule may name a path.
   *
   * @return whether it is absolute, and says where it leads by itself
   */
  public static boolean isRulePath(String text) {
    return text.startsWith("/")
        && text.indexOf('\0') < 0
        && of(text).components.stream().noneMatch(name -> name.equals(".") || name.equals(".."));
  }

  /**
   * Whether another path is this one or below it.
   *
   * @return false for {@code /a} and {@code /ab}
   */
  public boolean covers(ExportPath other) {
    int length = components.size();
    return length <= other.components.size()
        && components.equals(other.components.subList(0, length));
  }

  @Override
  public String toString() {
    return "/" + String.join("/", components);
  }
}
