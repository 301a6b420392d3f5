package org.nfsproxy.nfs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nfsproxy.nfs.table.Part;

/**
 * Writes results and remembers the parts in them that a walk must find, following the RFCs and
 * nothing of the product.
 */
public final class ResultBuilder extends XdrBytes<ResultBuilder> {
  /** A part as it was written. */
  public record Written(Part part, int at, int length) {}

  private final List<Written> parts = new ArrayList<>();
  private int countAt = -1;
  private int statusAt = -1;
  private int count;
  private int status;

  /** COMPOUND's status, tag and number of results; the results follow. */
  public static ResultBuilder compound(String tag) {
    ResultBuilder builder = new ResultBuilder();
    builder.statusAt = builder.length();
    builder.word(0).text(tag);
    builder.countAt = builder.length();
    return builder.word(0);
  }

  public ResultBuilder result(int operation, int status) {
    count++;
    this.status = status;
    return word(operation).word(status);
  }

  @Override
  public byte[] bytes() {
    byte[] bytes = super.bytes();
    if (countAt >= 0) {
      ByteBuffer.wrap(bytes).putInt(countAt, count).putInt(statusAt, status);
    }
    return bytes;
  }

  public List<Written> parts() {
    return parts;
  }

  public ResultBuilder part(Part part, UnaryOperator<ResultBuilder> items) {
    int at = length();
    parts.add(new Written(part, at, items.apply(this).length() - at));
    return this;
  }

  public ResultBuilder part(Part part, String opaque) {
    parts.add(new Written(part, length() + 4, opaque.length()));
    return text(opaque);
  }

  /** What READ has read. */
  public ResultBuilder payload(int length, int filler) {
    parts.add(new Written(Part.PAYLOAD, length() + 4, length));
    return opaque(length, filler);
  }

  public ResultBuilder handle(byte[] handle) {
    parts.add(new Written(Part.HANDLE, length() + 4, handle.length));
    return opaque(handle);
  }

  public ResultBuilder fixedHandle() {
    return part(Part.HANDLE, r -> r.fixed(32, 0xf2));
  }

  /** An entry of a list, with the true before it. */
  public ResultBuilder entry(UnaryOperator<ResultBuilder> items) {
    int at = length();
    int index = parts.size();
    parts.add(index, new Written(Part.ENTRY, at, items.apply(word(1)).length() - at));
    return this;
  }

  // NFSv4

  public ResultBuilder bitmap(int... words) {
    return word(words.length).words(words);
  }

  public ResultBuilder stateid() {
    return word(1).fixed(12, 0x5a);
  }

  /** change_info4. */
  public ResultBuilder change() {
    return word(1).hyper(7).hyper(8);
  }

  public ResultBuilder time() {
    return hyper(1_700_000_000L).word(7);
  }

  public ResultBuilder session() {
    return fixed(16, 0x5e);
  }

  /** A fattr4 with type and fileid. */
  public ResultBuilder fattr4() {
    return part(Part.FATTR4, r -> r.bitmap(1 << 1 | 1 << 20).word(12).word(2).hyper(128));
  }

  public ResultBuilder noFattr4() {
    return part(Part.FATTR4, r -> r.bitmap().word(0));
  }

  /** LOCK4denied. */
  public ResultBuilder denied() {
    return hyper(0).hyper(100).word(2).hyper(0xc11e27L).text("other owner");
  }

  public ResultBuilder channel(int... rdmaIrd) {
    return words(0, 1049620, 1049480, 7584, 16, 64).word(rdmaIrd.length).words(rdmaIrd);
  }

  public ResultBuilder foreChannel() {
    return part(Part.FORE_CHANNEL, r -> r.words(0, 1049620, 1049480, 7584, 16, 64)).word(0);
  }

  /** EXCHANGE_ID's results up to its state protection. */
  public ResultBuilder exchanged() {
    return part(Part.CLIENTID, r -> r.hyper(0xc11e27L))
        .word(1)
        .part(Part.EXCHANGE_FLAGS, r -> r.word(0x20001));
  }

  public ResultBuilder owner() {
    return part(Part.MINOR_ID, r -> r.hyper(0))
        .part(Part.MAJOR_ID, "nfs.example.org")
        .part(Part.SCOPE, "scope!");
  }

  /** write_response4. */
  public ResultBuilder written(int stateids) {
    word(stateids);
    for (int i = 0; i < stateids; i++) {
      stateid();
    }
    return hyper(4096).word(2).fixed(8, 0xfe);
  }

  public ResultBuilder ace() {
    return words(0, 0, 0x1f).text("EVERYONE@");
  }

  // NFSv2 and NFSv3

  public ResultBuilder fattr3() {
    words(2, 0755, 3, 1000, 100).hyper(4096).hyper(4096).words(0, 0);
    return hyper(0xf51dL).hyper(128).words(1, 2).words(3, 4).words(5, 6);
  }

  /** post_op_attr. */
  public ResultBuilder postOp(Part part) {
    return word(1).part(part, ResultBuilder::fattr3);
  }

  public ResultBuilder first() {
    return postOp(Part.FIRST_ATTRIBUTES);
  }

  public ResultBuilder absent() {
    return word(0);
  }

  /** wcc_data with both. */
  public ResultBuilder wcc(Part part) {
    return word(1).hyper(4096).words(1, 2).words(3, 4).postOp(part);
  }

  public ResultBuilder firstWcc() {
    return wcc(Part.FIRST_ATTRIBUTES);
  }

  public ResultBuilder secondWcc() {
    return wcc(Part.SECOND_ATTRIBUTES);
  }

  public ResultBuilder fattr2(Part part) {
    return part(
        part,
        r -> {
          r.words(2, 040755, 3, 1000, 100, 4096, 4096, 0, 8);
          return r.words(0xf51d, 128).words(1, 2).words(3, 4).words(5, 6);
        });
  }

  /** A mask, an access ACL of entries, no default ACL. */
  public ResultBuilder acls(int entries) {
    words(3, entries, entries);
    for (int i = 0; i < entries; i++) {
      words(1, i, 7);
    }
    return words(0, 0);
  }
}
