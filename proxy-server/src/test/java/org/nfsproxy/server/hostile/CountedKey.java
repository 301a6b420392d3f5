package org.nfsproxy.server.hostile;

import io.netty.pkitesting.X509Bundle;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509ExtendedKeyManager;

/** A server's certificate that counts how often it is shown. */
final class CountedKey extends X509ExtendedKeyManager {
  private final X509ExtendedKeyManager own;
  private final AtomicInteger uses = new AtomicInteger();

  private CountedKey(X509ExtendedKeyManager own) {
    this.own = own;
  }

  static CountedKey of(X509Bundle bundle) throws Exception {
    return new CountedKey(
        (X509ExtendedKeyManager) bundle.toKeyManagerFactory().getKeyManagers()[0]);
  }

  int uses() {
    return uses.get();
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return own.getServerAliases(type, issuers);
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return own.chooseServerAlias(type, issuers, socket);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return own.getCertificateChain(alias);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    uses.incrementAndGet();
    return own.getPrivateKey(alias);
  }
}
