package org.nfsproxy.server.fakes;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes any certificate, and remembers whose it was asked about; names authorities all the same.
 */
public final class AnybodyTrusted extends X509ExtendedTrustManager {
  private final List<X509Certificate> named;
  private final Collection<String> shown;

  /**
   * For sockets.
   *
   * @param named to who is asked for a certificate
   * @param shown gets the subject of each certificate
   */
  public AnybodyTrusted(List<X509Certificate> named, Collection<String> shown) {
    this.named = named;
    this.shown = shown;
  }

  private void see(X509Certificate[] chain) {
    shown.add(chain[0].getSubjectX500Principal().getName());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {
    see(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {
    see(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
    see(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
    see(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) {
    see(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) {
    see(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return named.toArray(X509Certificate[]::new);
  }
}
