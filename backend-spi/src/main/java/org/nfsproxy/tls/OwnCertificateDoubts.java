package org.nfsproxy.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.configuration.Problem;

/** What an administrator should know of a certificate that can be used as it is. */
public final class OwnCertificateDoubts {
  /** As of the notices in the log. */
  private static final Duration SOON = Duration.ofDays(30);

  private OwnCertificateDoubts() {}

  /**
   * Looks at dates, and at who may read the key.
   *
   * @param own what was read
   * @param certificateKey of the configuration
   * @param certificatePath what stands there
   * @param keyKey of the configuration
   * @param keyPath what stands there
   * @param now the time
   * @return what was found, by its key
   */
  public static List<Problem> of(
      OwnCertificate own,
      String certificateKey,
      String certificatePath,
      String keyKey,
      String keyPath,
      Instant now) {
    List<Problem> doubts = new ArrayList<>();
    String shown = '"' + certificatePath + "\", ";
    if (!own.expires().isAfter(now)) {
      doubts.add(
          new Problem(
              certificateKey,
              shown + "which has expired, on " + own.expires(),
              "a certificate that is valid"));
    } else if (own.expires().isBefore(now.plus(SOON))) {
      doubts.add(
          new Problem(
              certificateKey,
              shown + "which expires soon, on " + own.expires(),
              "one that was renewed, in the same files: they are looked at while the proxy runs"));
    }
    Instant begins = own.certificate().getNotBefore().toInstant();
    if (begins.isAfter(now)) {
      doubts.add(
          new Problem(
              certificateKey,
              shown + "which is valid from " + begins + " on, and refused until then",
              "a certificate that is valid"));
    }
    if (isReadByOthers(Path.of(keyPath))) {
      doubts.add(
          new Problem(
              keyKey,
              '"' + keyPath + "\", which everybody on this machine may read",
              "a file of this user's alone: chmod o-rwx"));
    }
    return doubts;
  }

  private static boolean isReadByOthers(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException nobodyKnows) {
      return false;
    }
  }
}
