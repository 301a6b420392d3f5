package org.nfsproxy.server.configuration;

import java.util.List;
import java.util.regex.Pattern;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.policy.ClientMatch;

/**
 * Where the administrator and the balancer look.
 *
 * @param enabled whether anything is served there
 * @param host an IP address or a name
 * @param port a TCP port; 0 for any
 * @param hosts further names by which it may be asked
 * @param actionsFrom who may do more than read
 * @param page what is shown to those who watch
 * @param access how it is protected
 */
public record Admin(
    boolean enabled,
    String host,
    int port,
    List<String> hosts,
    ClientMatch actionsFrom,
    LivePage page,
    AdminAccess access) {
  private static final Pattern LOOPBACK =
      Pattern.compile("127[.][0-9.]+|::1|localhost", Pattern.CASE_INSENSITIVE);

  static Admin read(Section section) {
    Admin admin =
        new Admin(
            Keys.ADMIN_ENABLED.in(section),
            Keys.ADMIN_HOST.in(section),
            Keys.ADMIN_PORT.in(section),
            Keys.ADMIN_HOSTS.in(section),
            ClientMatch.of(Keys.ADMIN_ACTIONS_FROM.in(section)),
            LivePage.read(section.section("page")),
            AdminAccess.read(section));
    admin.warn(section);
    return admin;
  }

  private void warn(Section section) {
    if (access.hasToken() && !access.isEncrypted() && !LOOPBACK.matcher(host).matches()) {
      section.warn(
          AdminAccessKeys.TOKEN_FILE.name(),
          "from other machines no token is taken, since it would come in the clear: set"
              + " admin.tls.certificate and admin.tls.key. From this machine one is");
    }
  }
}
