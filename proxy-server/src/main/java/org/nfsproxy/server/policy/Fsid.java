package org.nfsproxy.server.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origin's number for a filesystem, as {@code GETATTR} gives it: two numbers in NFSv4, one in
 * NFSv3, which is then {@code major}.
 *
 * @param major unsigned
 * @param minor unsigned; 0 in NFSv2 and NFSv3
 */
public record Fsid(long major, long minor) {
  /** The form of its text, for messages. */
  public static final String FORM =
      "a filesystem's number as /proc/fs/nfsfs/volumes of a Linux client prints it, in hexadecimal:"
          + " \"major:minor\", or \"major\" alone for a minor of 0, as NFSv3 has it";

  private static final Pattern TEXT =
      Pattern.compile("(?i)(?:0x)?([0-9a-f]{1,16})(?::(?:0x)?([0-9a-f]{1,16}))?");

  /**
   * Whether a text names a filesystem.
   *
   * @return whether {@link #of} takes it
   */
  public static boolean isFsid(String text) {
    return TEXT.matcher(text).matches();
  }

  /**
   * Reads a text.
   *
   * @param text for example {@code 801:0}
   * @throws IllegalArgumentException if it has another form
   */
  public static Fsid of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    String minor = matcher.group(2);
    return new Fsid(
        Long.parseUnsignedLong(matcher.group(1), 16),
        minor == null ? 0 : Long.parseUnsignedLong(minor, 16));
  }

  /** As a Linux client prints it. */
  @Override
  public String toString() {
    return Long.toHexString(major) + ":" + Long.toHexString(minor);
  }
}
