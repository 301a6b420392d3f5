package org.nfsproxy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nfsproxy.configuration.Problem;

/** A file in PEM (RFC 7468), and the key of the configuration that names it. */
public final class PemFile {
  private static final int BYTES_MAX = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private static final String TO_PKCS8 =
      "PKCS#8, as `openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW` makes of it (cert-manager:"
          + " `privateKey.encoding: PKCS8`)";

  /** What stands between a line that begins and a line that ends something. */
  private record Block(String label, String base64) {}

  private final String key;
  private final String path;
  private final List<Block> blocks;

  private PemFile(String key, String path, List<Block> blocks) {
    this.key = key;
    this.path = path;
    this.blocks = blocks;
  }

  /**
   * Reads one. Blocks for as long as the disk takes.
   *
   * @param key that names it, for messages
   * @param path where it is
   * @return what is in it
   * @throws TlsFilesException if it cannot be read
   */
  public static PemFile read(String key, String path) throws TlsFilesException {
    String text = text(key, path);
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return new PemFile(key, path, blocks);
  }

  private static String text(String key, String path) throws TlsFilesException {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      return new String(in.readNBytes(BYTES_MAX), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException absent) {
      throw wrong(key, path, "which is not there", "the path of a file in PEM");
    } catch (AccessDeniedException denied) {
      String user = System.getProperty("user.name");
      throw wrong(
          key, path, "which user " + user + " may not read", "a file that this user may read");
    } catch (IOException unreadable) {
      throw wrong(key, path, "which cannot be read (" + unreadable + ")", "a file in PEM");
    }
  }

  private static TlsFilesException wrong(String key, String path, String found, String expected) {
    return new TlsFilesException(new Problem(key, '"' + path + "\", " + found, expected));
  }

  private TlsFilesException wrong(String found, String expected) {
    return wrong(key, path, found, expected);
  }

  /**
   * The certificates in it.
   *
   * @return one or more
   * @throws TlsFilesException if there is none, or one that cannot be read
   */
  public List<X509Certificate> certificates() throws TlsFilesException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block each : blocks) {
        if (each.label.equals("CERTIFICATE")) {
          InputStream der = new ByteArrayInputStream(bytes(each));
          certificates.add((X509Certificate) factory.generateCertificate(der));
        }
      }
    } catch (CertificateException unreadable) {
      throw wrong(
          "with a certificate that cannot be read (" + unreadable.getMessage() + ")",
          "X.509 in PEM");
    }
    if (certificates.isEmpty()) {
      throw wrong(
          "in which nothing begins with -----BEGIN CERTIFICATE-----", "one or more certificates");
    }
    return certificates;
  }

  /** The private key in it. */
  PrivateKey privateKey(String algorithm) throws TlsFilesException {
    for (Block each : blocks) {
      switch (each.label) {
        case "PRIVATE KEY" -> {
          return privateKey(bytes(each), algorithm);
        }
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
            throw wrong("whose key begins with -----BEGIN " + each.label + "-----", TO_PKCS8);
        case "ENCRYPTED PRIVATE KEY" ->
            throw wrong(
                "whose key is encrypted, and nobody is there to type its password",
                "a key without one: " + TO_PKCS8);
        default -> {}
      }
    }
    throw wrong("in which nothing begins with -----BEGIN PRIVATE KEY-----", "a private key");
  }

  private PrivateKey privateKey(byte[] pkcs8, String algorithm) throws TlsFilesException {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException otherKind) {
      throw wrong(
          "which is no key of the kind " + algorithm + ", as the certificate is of",
          "the key of the certificate");
    }
  }

  private byte[] bytes(Block block) throws TlsFilesException {
    try {
      return Base64.getMimeDecoder().decode(block.base64);
    } catch (IllegalArgumentException nonsense) {
      throw wrong("whose " + block.label + " is not in base64", "PEM");
    }
  }
}
