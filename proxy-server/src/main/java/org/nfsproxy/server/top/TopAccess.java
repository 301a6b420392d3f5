package org.nfsproxy.server.top;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.access.TokenFile;
import org.nfsproxy.server.access.TokenFileException;

/**
 * What a proxy wants to see of whoever asks, and how it is known itself.
 *
 * @param tokenFile the file with the token of its {@code admin.tokenFile}; null for none
 * @param ca who signed its certificate, in PEM; null for those whom Java trusts
 */
// Both files are read for each connection, so that one that was replaced holds from the next on.
public record TopAccess(@Nullable Path tokenFile, @Nullable Path ca) {
  /** Nothing of both. */
  public static final TopAccess NONE = new TopAccess(null, null);

  private static final Pattern LOOPBACK =
      Pattern.compile("127[.][0-9.]+|\\[::1]|localhost", Pattern.CASE_INSENSITIVE);

  /** Something that was given is not fit for it; nobody was asked. */
  static final class UnfitException extends IOException {
    private static final long serialVersionUID = 1L;

    UnfitException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Prepares a connection that is not open yet. */
  void prepare(HttpURLConnection connection) throws IOException {
    if (connection instanceof HttpsURLConnection https) {
      if (ca != null) {
        https.setSSLSocketFactory(trusting(ca));
      }
    } else if (ca != null) {
      throw new UnfitException("--ca is for HTTPS: give an https:// URL", null);
    } else if (tokenFile != null && !LOOPBACK.matcher(connection.getURL().getHost()).matches()) {
      throw new UnfitException(
          "a token is sent by HTTPS, or to this machine's loopback address: give an https:// URL",
          null);
    }
    if (tokenFile != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token(tokenFile));
    }
  }

  private static String token(Path file) throws IOException {
    try {
      return TokenFile.read("--token-file", file.toString());
    } catch (TokenFileException unfit) {
      throw new UnfitException(unfit.getMessage(), unfit);
    }
  }

  private static SSLSocketFactory trusting(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate each : certificates) {
        trusted.setCertificateEntry("ca" + trusted.size(), each);
      }
      if (trusted.size() == 0) {
        throw new UnfitException("--ca: there is no certificate in " + file, null);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException nonsense) {
      throw new UnfitException("--ca: " + file + " is no PEM with certificates", nonsense);
    } catch (NoSuchFileException absent) {
      throw new UnfitException("--ca: " + file + " is not there", absent);
    } catch (UnfitException unfit) {
      throw unfit;
    } catch (IOException unreadable) {
      throw new UnfitException(
          "--ca: " + file + " cannot be read (" + unreadable + ")", unreadable);
    }
  }
}
