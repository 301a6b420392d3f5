package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.net.InetAddress;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.Call;

/** Says whether a client may lock, and as whom. All that locks know of rules. */
@FunctionalInterface
public interface LockJudge {
  /**
   * Judges a call.
   *
   * @param record the whole record, marker included, of which the credential may be changed in
   *     place; nothing else of it is needed any more
   * @param writes whether it is judged as a write: an exclusive lock
   * @return the verdict, on any thread; never fails
   */
  Future<LockVerdict> judge(
      Call call, ByteBuf record, InetAddress client, Filehandle handle, boolean writes);

  /**
   * Whether some rule lets a client in at all: what none does is never called.
   *
   * @return also true where nobody can say
   */
  default boolean letsIn(InetAddress client) {
    return true;
  }
}
