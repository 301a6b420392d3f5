package org.nfsproxy.server.judge.model;

import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squash;

/**
 * What the parameters of a filesystem allow to a caller, read from the guide
 * (docs/guide/exports.md) and not from the judge.
 *
 * @param client its address
 * @param security its flavor
 * @param version its version
 * @param uid as what it called
 * @param gid likewise
 */
record Expected(ClientAddress client, Security security, NfsVersion version, int uid, int gid) {
  private static final int NOBODY = 65534;

  boolean isForbidden(Parameters parameters, boolean writes) {
    return parameters.hidden()
        || parameters.access() == Access.NONE
        || !parameters.clients().matches(client)
        || !parameters.versions().contains(version)
        || !parameters.security().contains(security)
        || writes && parameters.access() == Access.RO;
  }

  /** Whether an operation is executed as somebody whom the squash takes away. */
  boolean isUnsquashed(Parameters parameters, Executed executed) {
    return isTaken(parameters, uid)
            && !isAnonymous(executed.uid(), parameters.squashing().anonUid())
        || isTaken(parameters, gid)
            && !isAnonymous(executed.gid(), parameters.squashing().anonGid());
  }

  private static boolean isTaken(Parameters parameters, int id) {
    Squash squash = parameters.squashing().squash();
    return squash == Squash.ALL || squash == Squash.ROOT && id == 0;
  }

  // Of a COMPOUND with different squashing: nobody.
  private static boolean isAnonymous(int id, int anonymous) {
    return id == anonymous || id == NOBODY;
  }
}
