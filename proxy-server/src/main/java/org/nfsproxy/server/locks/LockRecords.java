package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.server.locks.wire.LockedRange;
import org.nfsproxy.server.locks.wire.NlmLock;
import org.nfsproxy.server.locks.wire.ShareMode;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * The records of the journal, in XDR. Each says how something is from then on.
 *
 * <pre>
 *  1 ADDRESS  where our calls to the origin come from
 *  2 ROW      number, owner (address, caller_name, upper half of its svids)
 *  3 HELD     key (svid at the origin, oh, handle), owner, since, credential, NSM state, where the
 *             client reached us, exclusive, ranges (first, last), waiting (exclusive, offset, length),
 *             number in its term
 *  4 DROPPED  key
 *  5 NOTICE   the origin's NSM state, whether all clients have been told of it
 *  6 TERM     which term all of this is of: number, tag; with several instances
 *  7 SHARED   key, owner, since, credential, NSM state, where the client reached us, access, deny,
 *             number in its term
 *  8 UNSHARED key
 * </pre>
 */
final class LockRecords {
  private static final int ADDRESS = 1;
  private static final int ROW = 2;
  private static final int HELD = 3;
  private static final int DROPPED = 4;
  private static final int NOTICE = 5;
  private static final int TERM = 6;
  private static final int SHARED = 7;
  private static final int UNSHARED = 8;
  private static final int SHARE_BITS = 3;
  private static final int ADDRESS_BYTES_MAX = 16;

  /** Is told what the records say. */
  interface Listener {
    void address(InetAddress address);

    void row(int row, LockOwner owner);

    void held(HeldEntry entry);

    void dropped(HeldKey key);

    void notice(int state, boolean isTold);

    void term(TermId term);
  }

  private LockRecords() {}

  static byte[] address(InetAddress address) {
    return bytes(begin(ADDRESS).opaque(address.getAddress()));
  }

  static byte[] row(int row, LockOwner owner) {
    return bytes(owner(begin(ROW).int32(row), owner));
  }

  static byte[] dropped(HeldKey key) {
    return bytes(key(begin(key.isShare() ? UNSHARED : DROPPED), key));
  }

  static byte[] notice(int state, boolean isTold) {
    return bytes(begin(NOTICE).int32(state).bool(isTold));
  }

  static byte[] term(TermId term) {
    return bytes(begin(TERM).int64(term.number()).int64(term.tag()));
  }

  static byte[] held(HeldEntry entry) {
    return entry.key.isShare() ? share(entry) : locks(entry);
  }

  private static byte[] share(HeldEntry entry) {
    ShareMode share = entry.share == null ? ShareMode.NOTHING : entry.share;
    XdrWriter out = head(SHARED, entry).int32(share.access()).int32(share.deny());
    return bytes(out.int64(entry.sequence));
  }

  private static byte[] locks(HeldEntry entry) {
    XdrWriter out = head(HELD, entry);
    out.bool(entry.isExclusive).int32(entry.ranges.all().size());
    for (ByteRanges.Range range : entry.ranges.all()) {
      out.int64(range.first()).int64(range.last());
    }
    out.int32(entry.waiting.size());
    for (LockedRange wait : entry.waiting) {
      out.bool(wait.isExclusive()).int64(wait.offset()).int64(wait.length());
    }
    return bytes(out.int64(entry.sequence));
  }

  /** What locks and shares have in common. */
  private static XdrWriter head(int type, HeldEntry entry) {
    XdrWriter out = owner(key(begin(type), entry.key), entry.owner);
    out.int64(entry.sinceMillis).int32(entry.flavor).opaque(entry.credentialBody);
    out.int32(entry.state);
    return out.opaque(entry.reached == null ? new byte[0] : entry.reached.getAddress());
  }

  private static XdrWriter begin(int type) {
    return new XdrWriter(Unpooled.buffer()).int32(type);
  }

  private static XdrWriter owner(XdrWriter out, LockOwner owner) {
    return out.opaque(owner.client().getAddress())
        .opaque(owner.name().getBytes(StandardCharsets.ISO_8859_1))
        .int32(owner.svidHigh());
  }

  private static XdrWriter key(XdrWriter out, HeldKey key) {
    return out.int32(key.svid()).opaque(key.ownerBytes()).opaque(key.handle().bytes());
  }

  private static byte[] bytes(XdrWriter out) {
    ByteBuf buffer = out.buffer();
    return ByteBufUtil.getBytes(buffer);
  }

  /** Reads one record; an XdrException says that it is of no kind that is written here. */
  static void read(byte[] payload, Listener listener) {
    XdrReader in = new XdrReader().reset(Unpooled.wrappedBuffer(payload));
    switch (in.int32()) {
      case ADDRESS -> listener.address(readAddress(in));
      case ROW -> listener.row(in.count(OwnerRows.ROWS - 1), readOwner(in));
      case HELD -> listener.held(readHeld(in));
      case DROPPED -> listener.dropped(readKey(in, false));
      case NOTICE -> listener.notice(in.int32(), in.bool());
      case TERM -> listener.term(new TermId(in.int64(), in.int64()));
      case SHARED -> listener.held(readShare(in));
      case UNSHARED -> listener.dropped(readKey(in, true));
      default -> throw new XdrException("a record of the journal that is of a later version");
    }
  }

  private static HeldEntry readShare(XdrReader in) {
    HeldEntry entry = readHead(in, true);
    entry.share = new ShareMode(in.count(SHARE_BITS), in.count(SHARE_BITS));
    entry.sequence = in.int64();
    return entry;
  }

  private static HeldEntry readHead(XdrReader in, boolean isShare) {
    HeldKey key = readKey(in, isShare);
    LockOwner owner = readOwner(in);
    long sinceMillis = in.int64();
    int flavor = in.int32();
    byte[] body = in.opaque(AuthFlavor.BODY_BYTES_MAX);
    HeldEntry entry = new HeldEntry(key, owner, sinceMillis, new ByteRanges(), flavor, body);
    entry.state = in.int32();
    byte[] reached = in.opaque(ADDRESS_BYTES_MAX);
    entry.reached = reached.length == 0 ? null : address(reached, in);
    return entry;
  }

  private static HeldEntry readHeld(XdrReader in) {
    HeldEntry entry = readHead(in, false);
    entry.isExclusive = in.bool();
    for (int left = in.count(ByteRanges.RANGES_MAX); left > 0; left--) {
      entry.ranges.add(in.int64(), in.int64());
    }
    for (int left = in.count(HeldEntry.WAITING_MAX); left > 0; left--) {
      entry.waiting.add(new LockedRange(in.bool(), in.int64(), in.int64()));
    }
    entry.sequence =
        in.remaining() == 0 ? 0 : in.int64(); // a journal of an earlier version has none
    return entry;
  }

  private static HeldKey readKey(XdrReader in, boolean isShare) {
    int svid = in.int32();
    byte[] owner = in.opaque(NlmLock.BYTES_MAX);
    Filehandle handle = Filehandle.of(in.opaque(Filehandle.NFS3_BYTES_MAX));
    return isShare
        ? HeldKey.ofShare(OwnerRows.rowOf(svid), owner, handle)
        : HeldKey.of(svid, owner, handle);
  }

  private static LockOwner readOwner(XdrReader in) {
    InetAddress client = readAddress(in);
    byte[] name = in.opaque(NlmLock.BYTES_MAX);
    return new LockOwner(client, new String(name, StandardCharsets.ISO_8859_1), in.int32());
  }

  private static InetAddress readAddress(XdrReader in) {
    return address(in.opaque(ADDRESS_BYTES_MAX), in);
  }

  private static InetAddress address(byte[] bytes, XdrReader in) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException wrong) {
      throw new XdrException("an address of " + bytes.length + " bytes before " + in.position());
    }
  }
}
