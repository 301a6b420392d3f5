package org.nfsproxy.server.probe;

import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.walk.AttributeWalk;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** Attributes of NFSv4 as a server gave them: fewer than it was asked for, as it likes. */
final class Fattr4 {
  private final AttributeWalk walk = new AttributeWalk();
  private final XdrReader value = new XdrReader();
  private final XdrReader record;

  private Fattr4(XdrReader record) {
    this.record = record;
  }

  /**
   * Finds the attributes.
   *
   * @param in at the bitmap; then behind the values
   * @return the attributes, in the bytes of the record
   */
  static Fattr4 read(XdrReader in) {
    Fattr4 found = new Fattr4(in);
    int from = in.position();
    if (found.walk.walk(in.buffer(), from, from + in.remaining()) == AttributeWalk.Form.GARBAGE) {
      throw new XdrException("attributes that cannot be");
    }
    in.position(found.walk.end());
    return found;
  }

  boolean has(Attribute4 attribute) {
    return walk.has(attribute);
  }

  /** A reader at a value, good until the next one; the attribute is there. */
  XdrReader at(Attribute4 attribute) {
    return value.reset(record.buffer(), walk.at(attribute), walk.end(attribute));
  }

  /** The value of an attribute of four bytes, unsigned; another value if it was not given. */
  long word(Attribute4 attribute, long otherwise) {
    return has(attribute) ? at(attribute).uint32() : otherwise;
  }

  /** The value of an attribute of eight bytes; another value if it was not given. */
  long hyper(Attribute4 attribute, long otherwise) {
    return has(attribute) ? at(attribute).int64() : otherwise;
  }
}
