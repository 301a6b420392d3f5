package org.nfsproxy.server.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.regex.Pattern;
import org.nfsproxy.configuration.Problem;

/** A file that holds a token, or a secret of the same form, and nothing else. */
// What is in it never gets into a message, however wrong it is: the next try may be right but for a
// blank.
public final class TokenFile {
  /** The configuration's key that names it. */
  public static final String KEY = "admin.tokenFile";

  /** 128 bits in hexadecimal. */
  static final int CHARS_MIN = 32;

  /** Longer than any that is made for this; far shorter than what a request's headers may be. */
  static final int CHARS_MAX = 512;

  /** An end of line, of either kind, may follow. */
  private static final int BYTES_MAX = CHARS_MAX + 2;

  /** What `Authorization: Bearer` can carry, RFC 6750 section 2.1. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final String key;
  private final String path;
  private final String word;

  private TokenFile(String key, String path, String word) {
    this.key = key;
    this.path = path;
    this.word = word;
  }

  /**
   * Reads a token. Blocks for as long as the disk takes.
   *
   * @param key what names the file, for the message
   * @return the token
   * @throws TokenFileException if there is none, or others on this machine may read it
   */
  public static String read(String key, String path) throws TokenFileException {
    return new TokenFile(key, path, "token").read();
  }

  /**
   * Reads a secret that several instances have. Blocks for as long as the disk takes.
   *
   * @param key what names the file, for the message
   * @return the secret
   * @throws TokenFileException if there is none, or others on this machine may read it
   */
  public static String readSecret(String key, String path) throws TokenFileException {
    return new TokenFile(key, path, "secret").read();
  }

  private String expected() {
    return "a file with one %s of %d to %d characters, as `openssl rand -hex 32` prints one"
        .formatted(word, CHARS_MIN, CHARS_MAX);
  }

  private String read() throws TokenFileException {
    Path file = Path.of(path);
    if (Files.isDirectory(file) || Files.exists(file) && !Files.isRegularFile(file)) {
      throw wrong("which is no plain file", expected());
    }
    String text = text(file).stripTrailing();
    if (isOpenToOthers(file)) {
      throw wrong(
          "which everybody on this machine may read or write",
          "a file for its user or group alone: chmod o-rwx (a Secret in Kubernetes: `defaultMode:"
              + " 0440` and `fsGroup`)");
    }
    if (text.length() < CHARS_MIN || text.length() > CHARS_MAX) {
      String length =
          text.length() > CHARS_MAX ? "more than " + CHARS_MAX : String.valueOf(text.length());
      throw wrong("with a %s of %s characters".formatted(word, length), expected());
    }
    if (!TOKEN.matcher(text).matches()) {
      throw wrong(
          "with characters that no %s has".formatted(word),
          expected() + ": letters, digits and - . _ ~ + /, with = at its end");
    }
    return text;
  }

  private String text(Path file) throws TokenFileException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(BYTES_MAX + 1), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException absent) {
      throw wrong("which is not there", expected());
    } catch (AccessDeniedException denied) {
      String user = System.getProperty("user.name");
      throw wrong("which user " + user + " may not read", "a file that this user may read");
    } catch (IOException unreadable) {
      throw wrong("which cannot be read (" + unreadable + ")", expected());
    }
  }

  private static boolean isOpenToOthers(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      return permissions.contains(PosixFilePermission.OTHERS_READ)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException | UnsupportedOperationException nobodyKnows) {
      return false;
    }
  }

  private TokenFileException wrong(String found, String expected) {
    return new TokenFileException(new Problem(key, '"' + path + "\", " + found, expected));
  }
}
