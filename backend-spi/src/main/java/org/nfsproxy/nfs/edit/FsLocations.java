package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.function.Predicate;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.walk.AttributeWalk;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * Writes fs_locations and fs_locations_info (RFC 7530 section 8, RFC 8881 sections 11.16 and 11.17)
 * anew, so that they lead to one server only. Reusable; not for several threads at once.
 *
 * <pre>
 *  fs_locations      | root | n | servers, path | servers, path | ...
 *  fs_locations_info | flags | valid | root | n | entries, path | entries, path | ...
 *  an entry          | currency | info | server |
 * </pre>
 */
// A location with a server that may be named keeps one server, the new name; one without goes. With
// no location left the attribute stays, as an empty list behind its root: that is what the RFCs
// have a server say that knows no other place of a filesystem. To cut the attribute out would say
// that the server does not have such an attribute, in contradiction to its supported_attrs.
public final class FsLocations {
  private final XdrReader in = new XdrReader();
  private final Predicate<byte[]> inside;
  private final byte[] name;
  private ByteBuf record = Unpooled.EMPTY_BUFFER;
  private ByteBuf out = Unpooled.EMPTY_BUFFER;
  private boolean isInfo;
  private int dropped;
  private int renamed;

  /**
   * Leads to one server.
   *
   * @param inside whether a server's name or address, as it is on the wire, is that server too
   * @param name what clients call it
   */
  public FsLocations(Predicate<byte[]> inside, byte[] name) {
    this.inside = inside;
    this.name = name.clone();
  }

  /**
   * A value of one of the two attributes.
   *
   * @param record the record
   * @param walk what was found in the attributes
   * @param attribute {@link Attribute4#FS_LOCATIONS} or {@link Attribute4#FS_LOCATIONS_INFO}, and
   *     among those found
   * @return the value, for {@link AttributeCut#replace}
   */
  public byte[] rewritten(ByteBuf record, AttributeWalk walk, Attribute4 attribute) {
    this.record = record;
    isInfo = attribute == Attribute4.FS_LOCATIONS_INFO;
    out = Unpooled.buffer(walk.end(attribute) - walk.at(attribute));
    in.reset(record, walk.at(attribute), walk.end(attribute));
    int from = in.position();
    in.skip(isInfo ? 8 : 0);
    skipPath();
    out.writeBytes(record, from, in.position() - from);
    int countAt = out.writerIndex();
    out.writeInt(0);
    int count = in.int32();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      kept += location() ? 1 : 0;
    }
    out.setInt(countAt, kept);
    return ByteBufUtil.getBytes(out);
  }

  /** Copies a location with its one server; nothing if it has none. */
  private boolean location() {
    int begin = out.writerIndex();
    out.writeInt(1);
    boolean isKept = false;
    int servers = in.count(in.remaining() / 4);
    for (int i = 0; i < servers; i++) {
      int from = in.position();
      if (isInfo) {
        in.skip(4);
        in.skipOpaque(in.remaining());
      }
      int to = in.position();
      byte[] server = in.opaque(in.remaining());
      if (!inside.test(server)) {
        dropped++;
      } else if (!isKept) {
        isKept = true;
        renamed += Arrays.equals(server, name) ? 0 : 1;
        out.writeBytes(record, from, to - from);
        new XdrWriter(out).opaque(name);
      }
    }
    int from = in.position();
    skipPath();
    if (isKept) {
      out.writeBytes(record, from, in.position() - from);
    } else {
      out.writerIndex(begin);
    }
    return isKept;
  }

  private void skipPath() {
    int names = in.count(in.remaining() / 4);
    for (int i = 0; i < names; i++) {
      in.skipOpaque(in.remaining());
    }
  }

  /**
   * Servers that were left out, in all values so far.
   *
   * @return how many
   */
  public int dropped() {
    return dropped;
  }

  /**
   * Servers that got the new name, in all values so far.
   *
   * @return how many
   */
  public int renamed() {
    return renamed;
  }
}
