package org.nfsproxy.server.policy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * The credential of one call, where it lies in the record: read, and squashed as Linux does it
 * (fs/nfsd/auth.c). Used again for the next call; not safe for use by several threads at once.
 *
 * <pre>
 *  AUTH_SYS, RFC 5531 appendix A:
 *  ----+------+-----+-------+------+- - - - - -+-----+-----+-------+-----+- - -+----------
 *      |flavor|len  | stamp |length|name   pad | uid | gid | count | gid |     | verifier
 *  ----+------+-----+-------+------+- - - - - -+-----+-----+-------+-----+- - -+----------
 *             ^ lengthAt                       ^ uidAt             ^ gidsAt    ^ end
 *
 *  squashed to uid and gid alone, what stands before the groups moves over them:
 *       [marker | header |flavor|len| stamp | name | uid | gid | 0] verifier, arguments
 *       -----------&gt; by four bytes for each group; the rest stays where it is
 * </pre>
 */
// The rest of a record may be a write of 1 MiB, so it is the header that moves, some 300 bytes at
// most, and the record begins later in its buffer. Indices behind the credential still hold then.
// Only AUTH_NONE grows, by the twenty bytes of an AUTH_SYS body without a name.
//
// A body must end where its length says. Linux reads an AUTH_SYS body by what is in it and ignores
// its length (net/sunrpc/svcauth_unix.c): with a length that says otherwise, what we judge and what
// the origin executes would be two different calls.
public final class Credential {
  /** The longest name of a client, RFC 5531 appendix A. */
  public static final int MACHINE_NAME_BYTES_MAX = 255;

  private static final int GSS_VERSION = 1;
  private static final int GSS_DATA = 0;
  private static final int ANONYMOUS_BODY_BYTES = 20;

  /** Marker, six words of the header, flavor, length; stamp; the name; uid, gid, count. */
  private static final int MOVED_BYTES_MAX = 4 + 24 + 8 + 4 + (4 + 256) + 12;

  private final XdrReader reader = new XdrReader();
  private final byte[] moved = new byte[MOVED_BYTES_MAX];
  private @Nullable Security security;
  private int lengthAt;
  private int length;
  private int uidAt;
  private int groups;

  /**
   * Whether calls of a flavor can be judged and carried.
   *
   * @param flavor as on the wire
   * @return false for AUTH_SHORT, AUTH_DH, AUTH_TLS and whatever nobody has named
   */
  public static boolean knows(int flavor) {
    return flavor == AuthFlavor.AUTH_NONE
        || flavor == AuthFlavor.AUTH_SYS
        || flavor == AuthFlavor.RPCSEC_GSS;
  }

  /**
   * Reads the credential of a call.
   *
   * @param call the header, of form {@link Call.Form#CALL}
   * @param record the bytes it was read from
   * @return whether it is whole and ends where its length says; if not, it is AUTH_BADCRED and
   *     nothing else here holds
   */
  public boolean read(Call call, ByteBuf record) {
    lengthAt = call.credentialAt() - 4;
    length = call.credentialLength();
    security = null;
    try {
      reader.reset(record, call.credentialAt(), call.credentialAt() + length);
      switch (call.flavor()) {
        case AuthFlavor.AUTH_NONE -> security = Security.NONE;
        case AuthFlavor.AUTH_SYS -> readSys();
        case AuthFlavor.RPCSEC_GSS -> readGss();
        default -> throw new XdrException("flavor " + call.flavor());
      }
      return reader.remaining() == 0;
    } catch (XdrException malformed) {
      return false;
    }
  }

  private void readSys() {
    security = Security.SYS;
    reader.skip(4);
    reader.skipOpaque(MACHINE_NAME_BYTES_MAX);
    uidAt = reader.position();
    reader.skip(8);
    groups = reader.count(CallCredential.SYS_GIDS_MAX);
    reader.skip(4 * groups);
  }

  // RFC 2203 section 5.3.1. Which mechanism it is, the header does not say; Kerberos is the one in
  // use. A context is made and ended with the NULL procedure, whose service does not matter.
  private void readGss() {
    if (reader.int32() != GSS_VERSION) {
      throw new XdrException("version of RPCSEC_GSS");
    }
    boolean isData = reader.int32() == GSS_DATA;
    reader.skip(4);
    int service = reader.int32();
    reader.skipOpaque(AuthFlavor.BODY_BYTES_MAX);
    security = isData ? ofService(service) : Security.KRB5;
  }

  private static Security ofService(int service) {
    return switch (service) {
      case 1 -> Security.KRB5;
      case 2 -> Security.KRB5I;
      case 3 -> Security.KRB5P;
      default -> throw new XdrException("service " + service);
    };
  }

  /**
   * How the caller is known.
   *
   * @return how; null before anything was read
   */
  public @Nullable Security security() {
    return security;
  }

  /**
   * Who calls, as the client claims.
   *
   * @param record the record that was read
   * @return the uid, unsigned; -1 if the credential has none
   */
  public long user(ByteBuf record) {
    return security == Security.SYS ? record.getUnsignedInt(uidAt) : -1;
  }

  /**
   * Whose group it is, as the client claims.
   *
   * @param record the record that was read
   * @return the gid, unsigned; -1 if the credential has none
   */
  public long group(ByteBuf record) {
    return security == Security.SYS ? record.getUnsignedInt(uidAt + 4) : -1;
  }

  /**
   * Puts what a squashing makes of the credential in its place. Calls of the NULL procedure, and
   * COMPOUNDs that touch no filehandle, keep theirs: nobody should ask for them.
   *
   * @param record the whole record that was read, marker included; now this method's
   * @return the record to send instead: the same one, changed in place and with the same indices
   *     for what stands behind the credential; or for AUTH_NONE, which becomes AUTH_SYS of the
   *     anonymous user, another one that holds it. Kerberos passes as it is
   */
  public ByteBuf squash(ByteBuf record, Squashing squashing) {
    if (security == Security.NONE && squashing.squash() != Squash.NONE) {
      return anonymous(record, squashing);
    }
    if (security == Security.SYS && squashing.squash() != Squash.NONE) {
      replace(record, squashing);
      if (squashing.squash() == Squash.ALL && groups > 0) {
        dropGroups(record);
      }
    }
    return record;
  }

  private void replace(ByteBuf record, Squashing squashing) {
    record.setInt(uidAt, squashing.uid(record.getInt(uidAt)));
    record.setInt(uidAt + 4, squashing.gid(record.getInt(uidAt + 4)));
    for (int i = 0; i < groups; i++) {
      int at = gidsAt() + 4 * i;
      record.setInt(at, squashing.supplementaryGid(record.getInt(at)));
    }
  }

  private void dropGroups(ByteBuf record) {
    int dropped = 4 * groups;
    int from = record.readerIndex();
    int bytes = gidsAt() - from;
    record.setInt(gidsAt() - 4, 0);
    record.setInt(lengthAt, length - dropped);
    record.setInt(from, marker(record, -dropped));
    record.getBytes(from, moved, 0, bytes);
    record.setBytes(from + dropped, moved, 0, bytes);
    record.readerIndex(from + dropped);
  }

  private int gidsAt() {
    return uidAt + 12;
  }

  private ByteBuf anonymous(ByteBuf record, Squashing squashing) {
    int from = record.readerIndex();
    int flavorAt = lengthAt - 4;
    ByteBuf header = record.alloc().buffer(flavorAt - from + 8 + ANONYMOUS_BODY_BYTES);
    header.writeInt(marker(record, ANONYMOUS_BODY_BYTES));
    header.writeBytes(record, from + RecordMarking.MARKER_BYTES, flavorAt - from - 4);
    header.writeInt(AuthFlavor.AUTH_SYS).writeInt(ANONYMOUS_BODY_BYTES);
    header.writeLong(0).writeInt(squashing.anonUid()).writeInt(squashing.anonGid()).writeInt(0);
    record.readerIndex(lengthAt + 4);
    CompositeByteBuf grown = record.alloc().compositeBuffer(2);
    return grown.addComponents(true, header, record);
  }

  // A record is one fragment, the last: that is how RecordReader hands it on.
  private static int marker(ByteBuf record, int more) {
    return RecordMarking.lastFragment(record.readableBytes() - RecordMarking.MARKER_BYTES + more);
  }
}
