package org.nfsproxy.backend;

import io.vertx.core.Future;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;

/**
 * An origin's files, read on connections of the proxy's own, with a credential that the caller
 * names: the origin allows what it allows to that one. Methods may be called from any thread.
 *
 * <p>All of them fail with {@link NfsStatusException} if the origin said no, {@link
 * org.nfsproxy.rpc.RpcException} if it refused the call, {@link org.nfsproxy.xdr.XdrException} for
 * garbage, {@link java.util.concurrent.TimeoutException} or {@link java.io.IOException}.
 */
public interface ReadOrigin {
  /** The most bytes that one READ asks for. */
  int READ_BYTES_MAX = 128 << 10;

  /**
   * Reads, and asks for the file's version, as it is behind the READ. In NFSv4 with the anonymous
   * stateid (RFC 8881 section 8.2.3), which takes no open and no lock.
   *
   * @param file the file
   * @param nfsVersion 3 or 4: the version whose handle it is
   * @param as whose READ it is
   * @param offset where to begin
   * @param count how many bytes, 1 to {@link #READ_BYTES_MAX}; fewer may come
   * @return what came
   */
  Future<OwnRead> read(Filehandle file, int nfsVersion, CallCredential as, long offset, int count);

  /**
   * The object of a name in a directory, see {@link Backend#lookUp}.
   *
   * @param directory a directory
   * @param name the bytes of the name, as on the wire
   * @param nfsVersion 3 or 4
   * @param as who asks
   * @return the object
   */
  Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion, CallCredential as);

  /**
   * A part of what is in a directory, {@code .} and {@code ..} left out.
   *
   * @param directory a directory
   * @param nfsVersion 3 or 4
   * @param as who asks
   * @param behind the part before; {@link DirectoryPage#BEFORE} for the first
   * @return the part
   */
  Future<DirectoryPage> list(
      Filehandle directory, int nfsVersion, CallCredential as, DirectoryPage behind);
}
