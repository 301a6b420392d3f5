package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.walk.AttributeWalk;

/**
 * Which version of which file it is, by all that an origin tells of it.
 *
 * <pre>
 *  fattr3, RFC 1813 section 2.6:
 *  0      20     28    44     52       60      68      76      84
 *  +- - - +------+- - -+------+--------+-------+-------+-------+
 *  |      | size |     | fsid | fileid | atime | mtime | ctime |
 *  +- - - +------+- - -+------+--------+-------+-------+-------+
 * </pre>
 *
 * @param change NFSv4's change; 0 in NFSv3
 * @param fsidMajor NFSv3's fsid, or the first half of NFSv4's
 * @param fsidMinor the second half of NFSv4's
 * @param modified mtime, in seconds
 * @param changed ctime, in seconds
 */
// The file is part of it, so that a reply about one file never speaks for another: two files that
// were written within one tick of the origin's clock may agree in all the rest.
//
// In NFSv4 the times stand beside `change`, which is enough by the RFC: a counter that an origin
// lost in a crash counts up to the same number again, but not at the same time.
public record FileVersion(
    long change,
    long size,
    long fsidMajor,
    long fsidMinor,
    long fileid,
    long modified,
    int modifiedNanos,
    long changed,
    int changedNanos) {
  private static final int SIZE = 20;
  private static final int FSID = 44;
  private static final int FILEID = 52;
  private static final int MTIME = 68;
  private static final int CTIME = 76;

  /** The version that NFSv3's attributes tell, which begin at {@code at}. */
  static FileVersion ofNfs3(ByteBuf reply, int at) {
    return new FileVersion(
        0,
        reply.getLong(at + SIZE),
        reply.getLong(at + FSID),
        0,
        reply.getLong(at + FILEID),
        reply.getUnsignedInt(at + MTIME),
        reply.getInt(at + MTIME + 4),
        reply.getUnsignedInt(at + CTIME),
        reply.getInt(at + CTIME + 4));
  }

  /** The version that NFSv4's attributes tell; null if one is missing. */
  static @Nullable FileVersion ofNfs4(ByteBuf reply, AttributeWalk walk) {
    if (!walk.has(Attribute4.CHANGE)
        || !walk.has(Attribute4.SIZE)
        || !walk.has(Attribute4.FSID)
        || !walk.has(Attribute4.FILEID)
        || !walk.has(Attribute4.TIME_MODIFY)
        || !walk.has(Attribute4.TIME_METADATA)) {
      return null;
    }
    int modified = walk.at(Attribute4.TIME_MODIFY);
    int changed = walk.at(Attribute4.TIME_METADATA);
    return new FileVersion(
        reply.getLong(walk.at(Attribute4.CHANGE)),
        reply.getLong(walk.at(Attribute4.SIZE)),
        reply.getLong(walk.at(Attribute4.FSID)),
        reply.getLong(walk.at(Attribute4.FSID) + 8),
        reply.getLong(walk.at(Attribute4.FILEID)),
        reply.getLong(modified),
        reply.getInt(modified + 8),
        reply.getLong(changed),
        reply.getInt(changed + 8));
  }
}
