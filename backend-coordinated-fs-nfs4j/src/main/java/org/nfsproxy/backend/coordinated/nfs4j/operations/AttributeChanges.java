package org.nfsproxy.backend.coordinated.nfs4j.operations;

import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.status.AttrNotSuppException;
import org.dcache.nfs.status.BadOwnerException;
import org.dcache.nfs.status.BadXdrException;
import org.dcache.nfs.status.FBigException;
import org.dcache.nfs.status.InvalException;
import org.dcache.nfs.v4.xdr.bitmap4;
import org.dcache.nfs.v4.xdr.fattr4;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeHow;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** Reads the attributes that a client wants to set, RFC 8881 section 18.30. */
final class AttributeChanges {
  private static final int OWNER_BYTES_MAX = 1024;
  private static final int NANOS_PER_SECOND = 1_000_000_000;
  private static final int SET_TO_CLIENT_TIME4 = 1;

  private OptionalInt mode = OptionalInt.empty();
  private OptionalInt uid = OptionalInt.empty();
  private OptionalInt gid = OptionalInt.empty();
  private OptionalLong size = OptionalLong.empty();
  private TimeChange atime = TimeChange.KEEP;
  private TimeChange mtime = TimeChange.KEEP;

  private AttributeChanges() {}

  /**
   * What to set.
   *
   * @param list as it came
   * @param minorVersion of the COMPOUND
   * @return the change
   */
  static AttributeChange of(fattr4 list, int minorVersion) throws ChimeraNFSException {
    Set<Attribute4> given = given(list.attrmask, minorVersion);
    AttributeChanges changes = new AttributeChanges();
    XdrReader in = new XdrReader().reset(Unpooled.wrappedBuffer(list.attr_vals.value));
    try {
      for (Attribute4 attribute : given) {
        changes.read(attribute, in);
      }
    } catch (XdrException garbage) {
      throw new BadXdrException(garbage.getMessage());
    }
    if (in.remaining() != 0) {
      throw new BadXdrException("bytes behind the attributes");
    }
    return new AttributeChange(
        changes.mode, changes.uid, changes.gid, changes.size, changes.atime, changes.mtime);
  }

  /** Which are given, if all of them can be set. */
  static Set<Attribute4> given(bitmap4 bitmap, int minorVersion) throws ChimeraNFSException {
    Set<Attribute4> known = AttributeSet.of(bitmap, AttributeSet.supported(minorVersion));
    if (known.size() != AttributeSet.count(bitmap)) {
      throw new AttrNotSuppException("an attribute is not supported");
    }
    if (!AttributeSet.SETTABLE.containsAll(known)) {
      throw new InvalException("an attribute is read-only");
    }
    return known;
  }

  private void read(Attribute4 attribute, XdrReader in) throws ChimeraNFSException {
    switch (attribute) {
      case SIZE -> size = OptionalLong.of(size(in));
      case MODE -> mode = OptionalInt.of(in.int32());
      case OWNER -> uid = OptionalInt.of(id(in));
      case OWNER_GROUP -> gid = OptionalInt.of(id(in));
      case TIME_ACCESS_SET -> atime = time(in);
      case TIME_MODIFY_SET -> mtime = time(in);
      default -> throw new IllegalStateException(attribute + " is said to be settable");
    }
  }

  private static long size(XdrReader in) throws ChimeraNFSException {
    long size = in.int64();
    if (size < 0) {
      throw new FBigException(Long.toUnsignedString(size));
    }
    return size;
  }

  /** Owners are numbers, as Linux clients and servers send them under AUTH_SYS (RFC 7530, 5.9). */
  private static int id(XdrReader in) throws ChimeraNFSException {
    try {
      return Integer.parseUnsignedInt(in.string(OWNER_BYTES_MAX));
    } catch (NumberFormatException name) {
      throw new BadOwnerException("owners are numbers here");
    }
  }

  private static TimeChange time(XdrReader in) throws ChimeraNFSException {
    int how = in.int32();
    if (how != SET_TO_CLIENT_TIME4) {
      if (how != 0) {
        throw new XdrException("time_how4 " + how);
      }
      return new TimeChange(TimeHow.SET_TO_SERVER_TIME, Optional.empty());
    }
    long seconds = in.int64();
    int nanos = in.int32();
    if (seconds < 0 || seconds > 0xffff_ffffL || nanos < 0 || nanos >= NANOS_PER_SECOND) {
      throw new InvalException("a time that cannot be kept");
    }
    return new TimeChange(
        TimeHow.SET_TO_CLIENT_TIME, Optional.of(new FileTime((int) seconds, nanos)));
  }
}
