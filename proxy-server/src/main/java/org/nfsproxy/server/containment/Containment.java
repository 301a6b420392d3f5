package org.nfsproxy.server.containment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.nfs.edit.Splice;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Redirection;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.nfs.walk.Parts;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.containment.ContainmentCounts.Of;
import org.nfsproxy.server.exports.Export;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the clients of NFSv4 at the proxy: what they and the origin say of themselves is changed so
 * that the proxy is a server of its own, without data servers and without other places. For
 * COMPOUNDs in the clear; what is under RPCSEC_GSS nobody can change. Safe for use by several
 * threads.
 */
// What is looked at are the parts that the tables tell of, in calls and in replies: no operation is
// named here. A reply is opened if its call has such a part. Any other is looked at by its status
// alone, as it passes, for NFS4ERR_MOVED.
public final class Containment {
  private static final Logger log = LoggerFactory.getLogger(Containment.class);

  /**
   * Filesystems that are told about; more are counted only. An administrator has the idea by then.
   */
  private static final int TOLD_MAX = 1_000;

  private final Backend backend;
  private final IdentitySuffix suffix;
  private final String advertise;
  private final SessionRoom sessionRoom;
  private final ContainmentCounts counts = new ContainmentCounts();
  private @Nullable ContainedReply plain;
  private @Nullable ContainedReply teaching;
  private final Set<String> movedTold = ConcurrentHashMap.newKeySet();
  private final Set<Redirection> refusedTold = ConcurrentHashMap.newKeySet();

  /**
   * Around a backend.
   *
   * @param backend says whether it wants an identity of its own, and which servers are as good
   * @param markName what this proxy is known by
   * @param advertise an IP address that clients know the proxy by; empty for the one they reached
   * @param sessionRoom what sessions are made larger by
   */
  public Containment(Backend backend, String markName, String advertise, SessionRoom sessionRoom) {
    this.backend = backend;
    this.suffix = new IdentitySuffix(markName);
    this.advertise = advertise;
    this.sessionRoom = sessionRoom;
  }

  /** What has happened so far. */
  public ContainmentCounts counts() {
    return counts;
  }

  /**
   * Whether an operation leads to another server, and so must be refused.
   *
   * @param walk what was found in the call
   * @param i which operation
   * @return true if its row's {@link Redirection} is taken
   */
  public boolean refuses(CompoundWalk<Nfs4> walk, int i) {
    Redirection redirection = walk.operation(i).redirection();
    return redirection != Redirection.NOWHERE
        && redirection.isTaken(walk.find(i, Part.SERVER) >= 0);
  }

  /** Counts an operation that was refused for that. */
  public void countRefused(Nfs4 refused) {
    counts.count(Of.OPERATIONS_REFUSED);
    if (refusedTold.add(refused.redirection())) {
      log.info(
          "{} would lead a client to another server and is refused; further ones are only counted",
          refused.label());
    }
  }

  /**
   * A call as the origin may see it.
   *
   * @param record the whole record, marker included; no longer the caller's
   * @param walk what was found in it
   * @return the record, the same if nothing had to be changed; the caller's
   */
  public ByteBuf call(ByteBuf record, CompoundWalk<Nfs4> walk) {
    Parts parts = walk.parts();
    Splice splice = null;
    for (int i = 0; i < parts.count(); i++) {
      int at = parts.at(i);
      switch (parts.part(i)) {
        case OWNER -> {
          if (backend.identity() == Identity.OWN) {
            splice = splice == null ? new Splice(record) : splice;
            byte[] owner = ByteBufUtil.getBytes(record, at, parts.length(i));
            splice.opaque(at, owner.length, suffix.on(owner));
            counts.count(Of.OWNERS_MARKED);
          }
        }
        case EXCHANGE_FLAGS -> {
          int flags = record.getInt(at);
          int contained = ExchangeFlags.ofCall(flags);
          if (flags != contained) {
            splice = splice == null ? new Splice(record) : splice;
            splice.word(at, contained);
          }
        }
        case FORE_CHANNEL -> {
          if (sessionRoom.operations() > 0) {
            splice = splice == null ? new Splice(record) : splice;
            sessionRoom.askForMore(splice, record, at);
          }
        }
        default -> {}
      }
    }
    return splice == null ? record : splice.end();
  }

  /**
   * What opens the reply to a call.
   *
   * @param record the call's record, as it came from the client
   * @param walk what was found in it
   * @param export where its first filehandle is; null if that is not known
   * @param reached where the client reached the proxy
   * @param first what opens the reply before; null for nothing
   * @return the opener, which opens all replies if there is something to change in them or {@code
   *     first} wants them, and otherwise those that say NFS4ERR_MOVED
   */
  public ReplyOpener reply(
      ByteBuf record,
      CompoundWalk<Nfs4> walk,
      @Nullable Export export,
      InetSocketAddress reached,
      @Nullable ReplyOpener first) {
    Parts parts = walk.parts();
    boolean introduces = false;
    boolean asksWhere = false;
    for (int i = 0; i < parts.count(); i++) {
      switch (parts.part(i)) {
        case OWNER, EXCHANGE_FLAGS, FORE_CHANNEL -> introduces = true;
        case ASKED -> asksWhere |= asksWhere(record, parts.at(i));
        default -> {}
      }
    }
    if (!introduces && !asksWhere) {
      return plain(export, first);
    }
    IdentitySuffix marks = introduces && backend.identity() == Identity.OWN ? suffix : null;
    OwnLocations place =
        asksWhere ? new OwnLocations(backend.equivalents(), advertise, reached) : null;
    return new ContainedReply(this, export, first, introduces, marks, place);
  }

  // Nearly every COMPOUND has one of these two, without a learner or with the one that all share.
  // It never changes, so whichever thread kept it last, it is right if it is of the export.
  private ContainedReply plain(@Nullable Export export, @Nullable ReplyOpener first) {
    ContainedReply kept = first == null ? plain : teaching;
    if (kept == null || kept.export() != export || kept.first() != first) {
      kept = new ContainedReply(this, export, first, false, null, null);
      if (first == null) {
        plain = kept;
      } else {
        teaching = kept;
      }
    }
    return kept;
  }

  private static boolean asksWhere(ByteBuf record, int bitmapAt) {
    return asks(record, bitmapAt, Attribute4.FS_LOCATIONS)
        || asks(record, bitmapAt, Attribute4.FS_LOCATIONS_INFO);
  }

  private static boolean asks(ByteBuf record, int bitmapAt, Attribute4 attribute) {
    int word = attribute.number() / 32;
    return record.getInt(bitmapAt) > word
        && (record.getInt(bitmapAt + 4 + 4 * word) & 1 << attribute.number() % 32) != 0;
  }

  SessionRoom sessionRoom() {
    return sessionRoom;
  }

  void countMoved(@Nullable Export export) {
    counts.count(Of.MOVED);
    String where = String.valueOf(export == null ? "an unknown filesystem" : export);
    if (movedTold.size() < TOLD_MAX && movedTold.add(where)) {
      log.warn(
          "the origin says that a filesystem has moved to another server (NFS4ERR_MOVED), in a call"
              + " about {}: clients of the proxy cannot follow and get NFS4ERR_ACCESS. Serve it at"
              + " the origin, or let these clients mount the other server",
          where);
    }
  }
}
