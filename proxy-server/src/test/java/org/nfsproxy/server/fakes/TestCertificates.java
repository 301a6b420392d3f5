package org.nfsproxy.server.fakes;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A small CA, and the files of a proxy's certificate in a folder. */
public final class TestCertificates {
  private static final Duration LIFE = Duration.ofDays(100);

  private final Path folder;
  private final X509Bundle authority;

  private TestCertificates(Path folder, X509Bundle authority) {
    this.folder = folder;
    this.authority = authority;
  }

  /**
   * A CA, and a certificate of a proxy at 127.0.0.1, with its key, in files.
   *
   * @param folder where the files are made
   */
  public static TestCertificates in(Path folder) throws Exception {
    TestCertificates made =
        new TestCertificates(
            folder,
            new CertificateBuilder()
                .subject("CN=test CA")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned());
    made.writeOf(made.server("CN=proxy"));
    Files.writeString(made.clientCa(), made.authority.getRootCertificatePEM());
    return made;
  }

  /** Another CA that this proxy does not know. */
  public TestCertificates stranger() throws Exception {
    return new TestCertificates(
        folder,
        new CertificateBuilder()
            .subject("CN=stranger CA")
            .setIsCertificateAuthority(true)
            .ecp256()
            .buildSelfSigned());
  }

  private static CertificateBuilder builder(String subject) {
    return new CertificateBuilder()
        .subject(subject)
        .notBefore(Instant.now().minus(LIFE))
        .notAfter(Instant.now().plus(LIFE))
        .ecp256();
  }

  /** A certificate for the proxy. */
  public X509Bundle server(String subject) throws Exception {
    return issued(subject, each -> each.addSanIpAddress("127.0.0.1"));
  }

  /**
   * A certificate.
   *
   * @param more what it has beside a subject and 100 days
   */
  public X509Bundle issued(String subject, UnaryOperator<CertificateBuilder> more)
      throws Exception {
    return more.apply(builder(subject)).buildIssuedBy(authority);
  }

  /** Puts a certificate and its key where the proxy looks, one after the other, by renaming. */
  public void writeOf(X509Bundle bundle) throws IOException {
    replace(key(), bundle.getPrivateKeyPEM());
    replace(certificate(), bundle.getCertificatePathPEM());
  }

  /** Puts text in place of a file. */
  public static void replace(Path file, String text) throws IOException {
    Path newer = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(newer, text);
    Files.move(newer, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The proxy's certificate. */
  public Path certificate() {
    return folder.resolve("proxy.pem");
  }

  /** Its key. */
  public Path key() {
    return folder.resolve("proxy.key");
  }

  /** The CA of clients. */
  public Path clientCa() {
    return folder.resolve("ca.pem");
  }

  /** What the configuration says of these files. */
  public JsonObject tls(String mode, String clients) {
    return new JsonObject()
        .put("mode", mode)
        .put("certificate", certificate().toString())
        .put("key", key().toString())
        .put("clientCa", clientCa().toString())
        .put("clients", clients);
  }

  /** What the configuration says of TLS towards an origin of this CA. */
  public JsonObject towardsOrigin(String mode) {
    return new JsonObject()
        .put("mode", mode)
        .put("ca", clientCa().toString())
        .put("scanMillis", 50);
  }

  /** The same, with the proxy's own certificate. */
  public JsonObject towardsOriginWithOwn(String mode) {
    return towardsOrigin(mode)
        .put("certificate", certificate().toString())
        .put("key", key().toString());
  }

  /** An origin's end, which takes certificates of this CA. */
  public SSLContext origin(X509Bundle own) throws Exception {
    return origin(own.toKeyManagerFactory().getKeyManagers()[0]);
  }

  /** The same, with a certificate that somebody counts. */
  public SSLContext origin(KeyManager own) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {own}, new TrustManager[] {authority.toTrustManager()}, null);
    return context;
  }

  /**
   * An origin's end that names this CA to who comes, and takes any certificate.
   *
   * @param shown gets the subject of each
   */
  public SSLContext namingItself(X509Bundle own, Collection<String> shown) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager anybody = new AnybodyTrusted(authorities(), shown);
    context.init(own.toKeyManagerFactory().getKeyManagers(), new TrustManager[] {anybody}, null);
    return context;
  }

  /** Who signs here. */
  public List<X509Certificate> authorities() {
    return List.of(authority.getCertificate());
  }

  /** Lets this proxy trust another CA too, or instead. */
  public void trust(TestCertificates... authorities) throws IOException {
    StringBuilder pem = new StringBuilder();
    for (TestCertificates each : authorities) {
      pem.append(each.authority.getRootCertificatePEM()).append('\n');
    }
    replace(clientCa(), pem.toString());
  }

  /** Shows its certificate also to a server that asked for those of other CAs. */
  private static final class ForcedCertificate extends X509ExtendedKeyManager {
    private final X509ExtendedKeyManager own;

    ForcedCertificate(X509ExtendedKeyManager own) {
      this.own = own;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return own.chooseClientAlias(types, null, socket);
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return own.getClientAliases(type, null);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return null;
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return own.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return own.getPrivateKey(alias);
    }
  }

  /**
   * A client's end, which trusts this CA.
   *
   * @param own its certificate; null for none
   */
  public SSLContext client(@Nullable X509Bundle own) throws GeneralSecurityException {
    return client(own, authority.toTrustManager());
  }

  /** The same, which trusts as somebody says. */
  public static SSLContext client(@Nullable X509Bundle own, TrustManager trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] keys =
        own == null
            ? null
            : new KeyManager[] {
              new ForcedCertificate(
                  (X509ExtendedKeyManager) own.toKeyManagerFactory().getKeyManagers()[0])
            };
    context.init(keys, new TrustManager[] {trust}, null);
    return context;
  }
}
