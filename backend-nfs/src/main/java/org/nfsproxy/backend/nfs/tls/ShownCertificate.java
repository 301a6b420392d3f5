package org.nfsproxy.backend.nfs.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.tls.OwnCertificate;

/** Shows the certificate that is configured to each server that asks for one. */
// Java's own shows it only where the server names its issuer among the authorities that it knows
// (RFC 8446 section 4.2.4, "should"). A certificate that is held back makes of a refusal, which the
// server's log explains, a connection without a certificate, whose calls are refused; and a server
// may know authorities that it does not name.
final class ShownCertificate extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";

  private final OwnCertificate own;

  ShownCertificate(OwnCertificate own) {
    this.own = own;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return Arrays.asList(types).contains(own.key().getAlgorithm()) ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineClientAlias(types, issuers, null);
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return type.equals(own.key().getAlgorithm()) ? new String[] {ALIAS} : null;
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return own.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return own.key();
  }
}
