package org.nfsproxy.server.probe;

import org.nfsproxy.backend.Reason;
import org.nfsproxy.rpc.AuthStatus;
import org.nfsproxy.rpc.RpcException;

/** What a refusal of RPC is called, RFC 5531 section 9. */
final class DenialName {
  private DenialName() {}

  static String of(RpcException denial) {
    if (denial.authStatus().isEmpty()) {
      return Reason.of(denial);
    }
    int status = denial.authStatus().getAsInt();
    AuthStatus[] names = AuthStatus.values();
    return status >= 0 && status < names.length
        ? names[status].name()
        : "AUTH_ERROR " + Integer.toUnsignedString(status);
  }
}
