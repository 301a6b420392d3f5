package org.nfsproxy.server.top;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.text.Printable;
import org.nfsproxy.tls.Causes;

/** What is wrong with the certificate of who answers, and what to do: somebody does answer. */
final class RefusedCertificate {
  private static final int WORDS_MAX = 200;

  private RefusedCertificate() {}

  /**
   * In words.
   *
   * @param ca what was given as --ca; null for nothing
   * @return null if it is not about TLS
   */
  static @Nullable String words(IOException why, @Nullable Path ca) {
    String found = Causes.first(why, cause -> wordsOf(cause, ca));
    if (found != null) {
      return found;
    }
    return why instanceof SSLException
        ? "TLS fails there (" + detail(why) + "). Are these the admin pages of a proxy, by HTTPS?"
        : null;
  }

  // Java wraps what it means, and the outermost says least. What is about a date is wrapped too,
  // in exceptions that mean "not trusted" by themselves.
  private static @Nullable String wordsOf(Throwable cause, @Nullable Path ca) {
    if (cause instanceof CertPathValidatorException && cause.getCause() != null) {
      return null;
    } else if (cause instanceof CertificateExpiredException
        || cause instanceof CertificateNotYetValidException) {
      return "its certificate is not valid now ("
          + detail(cause)
          + "). Replace it there (admin.tls.certificate), or set the clock of one side";
    } else if (cause instanceof CertPathBuilderException
        || cause instanceof CertPathValidatorException) {
      return "its certificate is not trusted ("
          + detail(cause)
          + "). "
          + (ca == null
              ? "Give the CA that has signed it: --ca FILE"
              : "--ca has to be the CA that has signed it, and " + ca + " is not");
    } else if (cause instanceof CertificateException && isAboutNames(cause)) {
      return "its certificate has another name ("
          + detail(cause)
          + "). Ask by a name that stands in it, or have one made with this name";
    }
    return null;
  }

  private static boolean isAboutNames(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("No subject alternative") || message.contains("No name matching");
  }

  private static String detail(Throwable cause) {
    return Printable.text(String.valueOf(cause.getMessage()), WORDS_MAX);
  }
}
