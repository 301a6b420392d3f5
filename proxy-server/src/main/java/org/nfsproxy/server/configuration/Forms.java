package org.nfsproxy.server.configuration;

import java.net.URI;
import java.net.URISyntaxException;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;

// Forms of texts that several keys have. The tests are those of the code that uses the text; the
// regular expressions are for editors, see ValueForm.
final class Forms {
  // Of those that Java's client sets itself, it lets nobody else do so.
  private static final String HEADER =
      "(?!([Hh]ost|[Cc]onnection|[Cc]ontent-[A-Za-z]+|[Ee]xpect|[Uu]pgrade): )[!#$%&'*+.^_`|~0-9A-Za-z-]+: [ -~]+";

  private static final String BITS = "(/(0|[1-9][0-9]{0,2}))?";

  static final TextForm CLIENT =
      new TextForm(
          ClientMatch::isClient,
          ClientMatch.FORM,
          "\\*|(" + Hosts.IPV4 + "|" + Hosts.IPV6 + ")" + BITS,
          Forms::hostBits);

  static final TextForm CERTIFICATE =
      TextForm.of(CertificateMatch::isName, CertificateMatch.FORM, "\\S(.*\\S)?");

  static final TextForm RULE_PATH =
      TextForm.of(ExportPath::isRulePath, ExportPath.FORM, "/(?!(.*/)?\\.\\.?(/|$))[^\\u0000]*");

  static final TextForm FSID =
      TextForm.of(
          Fsid::isFsid, Fsid.FORM, "(0[xX])?[0-9a-fA-F]{1,16}(:(0[xX])?[0-9a-fA-F]{1,16})?");

  static final TextForm HTTP_URL =
      TextForm.of(
          Forms::isHttpUrl, "a URL that begins with http:// or https://", "https?://[^\\s#]+");

  static final TextForm HTTP_HEADER =
      TextForm.of(
          text -> text.matches(HEADER),
          "a header as Name: value, other than those of HTTP itself",
          HEADER);

  private Forms() {}

  // Java's client sends no address without a host, and no fragment.
  static boolean isHttpUrl(String text) {
    try {
      URI uri = new URI(text);
      return uri.getHost() != null
          && uri.getFragment() == null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    } catch (URISyntaxException none) {
      return false;
    }
  }

  static String hostBits(String text) {
    String network = ClientMatch.networkWithoutHostBits(text);
    return network.isEmpty()
        ? ""
        : "\"%s\" means all of %s, since what is behind the prefix does not count. Write %s, or \"%s\" for that one address"
            .formatted(text, network, '"' + network + '"', text.substring(0, text.indexOf('/')));
  }
}
