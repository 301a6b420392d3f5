package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.fixedHandle;
import static org.nfsproxy.nfs.table.Layout.name;
import static org.nfsproxy.nfs.table.Layout.opaque;

import org.nfsproxy.nfs.Filehandle;

/** What the arguments of NFSv2 are made of, RFC 1094 section 2.3. */
final class Nfs2Items {
  static final Layout HANDLE = fixedHandle(Filehandle.NFS2_BYTES);
  static final Layout NAME = name(255);
  static final Layout PATH = opaque(1024);
  static final Layout COOKIE = fixed(4);

  /** Mode, uid, gid, size, and two times of two words. */
  static final Layout SATTR = fixed(8 * 4);

  /** The protocol moves 8192 bytes at most. */
  static final Layout PAYLOAD = opaque(8192);

  private Nfs2Items() {}
}
