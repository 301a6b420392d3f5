package org.nfsproxy.server.containment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.AttributeCut;
import org.nfsproxy.nfs.edit.FsLocations;
import org.nfsproxy.nfs.edit.Splice;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.AttributeWalk;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.nfs.walk.Parts;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.containment.ContainmentCounts.Of;
import org.nfsproxy.server.exports.Export;

/**
 * A COMPOUND's reply as a client may see it.
 *
 * @param export where the call's first filehandle is; null if that is not known
 * @param first what opens the reply before; null for nothing
 * @param introduces whether client and server tell each other who they are, or how large a session
 *     may be
 * @param suffix what is put on the server's names; null to leave them
 * @param place what takes the place of other servers; null if the call did not ask for any
 */
// A call that the origin has executed is replayed by its slot, or by its duplicate request cache,
// as it was; this changes it again, in the same way.
record ContainedReply(
    Containment containment,
    @Nullable Export export,
    @Nullable ReplyOpener first,
    boolean introduces,
    @Nullable IdentitySuffix suffix,
    @Nullable OwnLocations place)
    implements ReplyOpener {
  private static final int OPERATIONS_MAX = 1024;

  // An empty bitmap, and values of no bytes. In the place of attributes that cannot be read: Linux
  // 6.1 gives them to who asks for mode_umask (81) too, its bit without a value, and what stands
  // before it would still name other servers.
  private static final byte[] NO_ATTRIBUTES = new byte[8];

  private static final FastThreadLocal<Reply> HEADERS =
      new FastThreadLocal<>() {
        @Override
        protected Reply initialValue() {
          return new Reply();
        }
      };

  @Override
  public boolean goesByStatus() {
    return !introduces && place == null && (first == null || first.goesByStatus());
  }

  @Override
  public boolean opens(int status) {
    return status == NfsStatus.MOVED || first != null && first.opens(status);
  }

  @Override
  public boolean readsInPassing(ByteBuf bytes, int from, int to) {
    if (introduces || place != null || first == null) {
      return false;
    }
    return !isMoved(bytes, from, to) && first.readsInPassing(bytes, from, to);
  }

  @Override
  public @Nullable ByteBuf openAtOnce(ByteBuf record) {
    if (introduces || place != null || first == null) {
      return null;
    }
    int to = record.writerIndex();
    return isMoved(record, record.readerIndex(), to) ? null : first.openAtOnce(record);
  }

  private static boolean isMoved(ByteBuf bytes, int from, int to) {
    Reply header = HEADERS.get();
    return header.read(bytes, from + RecordMarking.MARKER_BYTES, to) == Reply.Form.RESULTS
        && to - header.resultsAt() >= Integer.BYTES
        && bytes.getInt(header.resultsAt()) == NfsStatus.MOVED;
  }

  @Override
  public ByteBuf open(ByteBuf record) {
    return first == null ? contained(record) : containedBehind(first, record);
  }

  // If this fails, the record is still the caller's, although the first opener may have used it up.
  private ByteBuf containedBehind(ReplyOpener first, ByteBuf record) {
    record.retain();
    ByteBuf reply = null;
    try {
      reply = first.open(record);
      ByteBuf contained = contained(reply);
      record.release();
      return contained;
    } catch (RuntimeException | Error failed) {
      (reply == null ? record : reply).release();
      throw failed;
    }
  }

  private ByteBuf contained(ByteBuf reply) {
    Reply header = HEADERS.get();
    int from = reply.readerIndex() + RecordMarking.MARKER_BYTES;
    if (header.read(reply, from, reply.writerIndex()) != Reply.Form.RESULTS) {
      return reply;
    }
    boolean isMoved =
        header.end() - header.resultsAt() >= Integer.BYTES
            && reply.getInt(header.resultsAt()) == NfsStatus.MOVED;
    return isMoved || introduces || place != null ? contained(reply, header, isMoved) : reply;
  }

  private ByteBuf contained(ByteBuf reply, Reply header, boolean isMoved) {
    CompoundReplyWalk walk = new CompoundReplyWalk();
    Outcome outcome = walk.walk(reply, header.resultsAt(), header.end(), OPERATIONS_MAX);
    if (walk.count() == 0) {
      return reply;
    }
    Splice splice = new Splice(reply);
    if (isMoved) {
      containment.countMoved(export);
      splice.word(walk.statusAt(), NfsStatus.ACCES);
    }
    parts(reply, walk.parts(), splice);
    if (isMoved) {
      int at =
          outcome == Outcome.WHOLE
              ? walk.statusAt(walk.count() - 1)
              : reply.writerIndex() - Integer.BYTES;
      splice.word(at, NfsStatus.ACCES);
    }
    return splice.end();
  }

  private void parts(ByteBuf reply, Parts parts, Splice splice) {
    FsLocations locations = place == null ? null : place.locations();
    AttributeWalk attributes = new AttributeWalk();
    AttributeCut cut = new AttributeCut();
    for (int i = 0; i < parts.count(); i++) {
      int at = parts.at(i);
      Part part = parts.part(i);
      if (part == Part.EXCHANGE_FLAGS) {
        int flags = reply.getInt(at);
        int contained = ExchangeFlags.ofReply(flags);
        if (flags != contained) {
          containment.counts().count(Of.OFFERS_TAKEN_BACK);
          splice.word(at, contained);
        }
      } else if (part == Part.FORE_CHANNEL) {
        containment.sessionRoom().showLess(splice, reply, at);
      } else if (suffix != null && (part == Part.MAJOR_ID || part == Part.SCOPE)) {
        byte[] name = ByteBufUtil.getBytes(reply, at, parts.length(i));
        splice.opaque(at, name.length, suffix.on(name));
      } else if (locations != null && part == Part.FATTR4) {
        if (attributes.walk(reply, at, at + parts.length(i)) == AttributeWalk.Form.GARBAGE) {
          splice.bytes(at, parts.length(i), NO_ATTRIBUTES);
          containment.counts().count(Of.LOCATIONS_DROPPED);
          continue;
        }
        rewrite(reply, attributes, cut, locations, Attribute4.FS_LOCATIONS);
        rewrite(reply, attributes, cut, locations, Attribute4.FS_LOCATIONS_INFO);
        cut.into(splice, attributes);
      }
    }
    if (locations != null) {
      containment.counts().count(Of.LOCATIONS_DROPPED, locations.dropped());
      containment.counts().count(Of.LOCATIONS_RENAMED, locations.renamed());
    }
  }

  private static void rewrite(
      ByteBuf reply,
      AttributeWalk attributes,
      AttributeCut cut,
      FsLocations locations,
      Attribute4 attribute) {
    if (attributes.has(attribute)) {
      cut.replace(attribute, locations.rewritten(reply, attributes, attribute));
    }
  }
}
