package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;

// Forms of texts that several keys have. The tests are those of the code that uses the text; the
// regular expressions are for editors, see ValueForm.
final class Forms {
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

  private Forms() {}

  static String hostBits(String text) {
    String network = ClientMatch.networkWithoutHostBits(text);
    return network.isEmpty()
        ? ""
        : "\"%s\" means all of %s, since what is behind the prefix does not count. Write %s, or \"%s\" for that one address"
            .formatted(text, network, '"' + network + '"', text.substring(0, text.indexOf('/')));
  }
}
