package org.nfsproxy.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.nfsproxy.configuration.FileMistakes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token of the admin pages, read anew when its file has changed. For any thread. */
// Of the token a digest is kept, and digests are compared, all of their bytes: neither how much of
// a try was right nor how long the token is can be told from the time that takes.
public final class AdminToken {
  private static final Logger log = LoggerFactory.getLogger(AdminToken.class);

  /** The generation of what is not the token. */
  public static final int NONE = -1;

  private record Current(byte[] digest, int generation) {}

  private final String path;
  private volatile Current current;
  private final FileMistakes mistakes = new FileMistakes();

  private AdminToken(String path, Current current) {
    this.path = path;
    this.current = current;
  }

  /**
   * Reads it. Blocks for as long as the disk takes.
   *
   * @throws TokenFileException if the file cannot be used
   */
  public static AdminToken start(String path) throws TokenFileException {
    return new AdminToken(path, new Current(digest(TokenFile.read(TokenFile.KEY, path)), 0));
  }

  /** Whether this is the token. */
  public boolean is(String given) {
    return generationOf(given) != NONE;
  }

  /**
   * Of what is given, the generation, if it is the token; both by one look.
   *
   * @return {@link #NONE} if it is not, which no token has
   */
  public int generationOf(String given) {
    Current now = current;
    return MessageDigest.isEqual(digest(given), now.digest) ? now.generation : NONE;
  }

  /** Differs from what it was before the token was another one. */
  public int generation() {
    return current.generation;
  }

  /**
   * Looks whether the file has changed. Blocks for as long as the disk takes; one caller at a time.
   */
  public void look() {
    try {
      byte[] now = digest(TokenFile.read(TokenFile.KEY, path));
      if (!MessageDigest.isEqual(now, current.digest)) {
        current = new Current(now, current.generation + 1);
        log.info("the token of {} is another one now; sessions that it began have ended", path);
      }
      mistakes.none();
    } catch (TokenFileException unusable) {
      String mistake = unusable.getMessage();
      if (mistakes.isToBeTold(mistake)) {
        log.warn("{}. The token read before stays in force", mistake);
      }
    }
  }

  static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException("every Java has SHA-256", never);
    }
  }
}
