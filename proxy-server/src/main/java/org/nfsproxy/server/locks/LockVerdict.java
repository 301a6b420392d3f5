package org.nfsproxy.server.locks;

import org.nfsproxy.rpc.CallCredential;

/** What rules say to a lock. */
public sealed interface LockVerdict {
  /**
   * It may pass.
   *
   * @param flavor of the credential that the origin gets
   * @param body of that credential
   */
  record Allowed(int flavor, byte[] body) implements LockVerdict {
    CallCredential credential() {
      return CallCredential.of(flavor, body);
    }
  }

  /**
   * It may not.
   *
   * @param status one of nlm4_stats
   */
  record Refused(int status) implements LockVerdict {}

  /** Nobody can say now: no reply, so that the client asks again. */
  record Unknown() implements LockVerdict {}

  /** Its credential is none: RPC refuses it. */
  record BadCredential() implements LockVerdict {}
}
