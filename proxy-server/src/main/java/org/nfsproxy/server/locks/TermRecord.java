package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * Which term it is now, in the shared records.
 *
 * <pre>
 *  form 1 | number | tag | member | instance | count, terms before: number, tag, last sequence
 * </pre>
 *
 * @param member who began it, see {@link SharedRecords#self}
 * @param instance its name, for people
 * @param seen of each term before, the last change that whoever began this one knew: what a journal
 *     has of that term beyond it, nobody has seen
 */
record TermRecord(TermId id, String member, String instance, Map<TermId, Long> seen) {
  static final TermRecord NONE = new TermRecord(TermId.NONE, "", "", Map.of());

  /**
   * Moves of an address in an hour, one each minute. An older journal is added to what there is.
   */
  static final int SEEN_MAX = 64;

  private static final int FORM = 1;
  private static final int NAME_BYTES_MAX = 512;

  byte[] bytes() {
    XdrWriter out = new XdrWriter(Unpooled.buffer()).int32(FORM);
    out.int64(id.number()).int64(id.tag()).string(member).string(instance).int32(seen.size());
    seen.forEach((term, last) -> out.int64(term.number()).int64(term.tag()).int64(last));
    return ByteBufUtil.getBytes(out.buffer());
  }

  /** Reads it; an XdrException or {@link #NONE} if it is of no form of ours. */
  static TermRecord read(byte[] bytes) {
    XdrReader in = new XdrReader().reset(Unpooled.wrappedBuffer(bytes));
    if (in.int32() != FORM) {
      return NONE;
    }
    TermId id = new TermId(in.int64(), in.int64());
    String member = in.string(NAME_BYTES_MAX);
    String instance = in.string(NAME_BYTES_MAX);
    Map<TermId, Long> seen = new LinkedHashMap<>();
    for (int left = in.count(SEEN_MAX); left > 0; left--) {
      seen.put(new TermId(in.int64(), in.int64()), in.int64());
    }
    return new TermRecord(id, member, instance, seen);
  }

  /** The same with what was seen of more terms. */
  TermRecord withSeen(Map<TermId, Long> more) {
    Map<TermId, Long> all = new LinkedHashMap<>(seen);
    more.forEach((term, last) -> all.merge(term, last, Math::max));
    List<TermId> oldestFirst = new ArrayList<>(all.keySet());
    oldestFirst.sort((one, other) -> Long.compare(one.number(), other.number()));
    Iterator<TermId> oldest = oldestFirst.iterator();
    while (all.size() > SEEN_MAX) {
      all.remove(oldest.next());
    }
    return new TermRecord(id, member, instance, all);
  }

  /** Whether whoever began this term knew of a change, whatever became of it. */
  boolean hasSeen(TermId term, long sequence) {
    return seen.getOrDefault(term, Long.MIN_VALUE) >= sequence;
  }
}
