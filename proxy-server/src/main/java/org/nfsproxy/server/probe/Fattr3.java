package org.nfsproxy.server.probe;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.xdr.XdrReader;

/**
 * What the probe looks at in a fattr3, RFC 1813 section 2.6.
 *
 * @param type ftype3
 */
record Fattr3(int type, int mode, long uid, long fsid, long fileid) {
  static Fattr3 read(XdrReader in) {
    int type = in.int32();
    int mode = in.int32();
    in.int32(); // links
    long uid = in.uint32();
    in.skip(4 + 3 * 8); // gid; size, used, rdev
    long fsid = in.int64();
    long fileid = in.int64();
    in.skip(3 * 8); // times
    return new Fattr3(type, mode, uid, fsid, fileid);
  }

  /** A post_op_attr; null if there is none. */
  static @Nullable Fattr3 readOptional(XdrReader in) {
    return in.bool() ? read(in) : null;
  }

  SeenEntry entry(String name, Filehandle handle) {
    return new SeenEntry(name, handle, mode, uid, type);
  }
}
