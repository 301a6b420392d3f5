package org.nfsproxy.nfs.edit;

import java.util.Arrays;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.walk.AttributeWalk;

/**
 * Takes attributes out of a fattr4 in a record, and puts other values in the place of some.
 *
 * <pre>
 *  | words | bitmap       | length  | fsid | fs_locations | mode |
 *  | words | less one bit | length' | fsid                | mode |
 * </pre>
 *
 * <p>Reusable: {@link #into} tells the changes and forgets them.
 */
// Several fattr4 of one record (READDIR) are changed by one splice, in the order of the bytes; each
// has its own lengths, and nothing around them has.
public final class AttributeCut {
  private static final byte[] NOTHING = new byte[0];

  private final byte[][] values = new byte[Attribute4.count()][];

  /**
   * Takes an attribute out.
   *
   * @param attribute which; it need not be there
   * @return this
   */
  public AttributeCut drop(Attribute4 attribute) {
    values[attribute.number()] = NOTHING;
    return this;
  }

  /**
   * Puts another value in the place of an attribute's.
   *
   * @param attribute which; if it is not there, it is not added
   * @param value as the RFC has it on the wire, a multiple of four bytes and not empty
   * @return this
   */
  public AttributeCut replace(Attribute4 attribute, byte[] value) {
    if (value.length == 0 || value.length % 4 != 0) {
      throw new IllegalArgumentException(attribute + " of " + value.length + " bytes");
    }
    values[attribute.number()] = value;
    return this;
  }

  /**
   * Tells the changes to a splice and forgets them.
   *
   * @param splice of the record that was walked
   * @param walk what was found in these attributes, and did not end in {@link
   *     AttributeWalk.Form#GARBAGE}
   * @return whether there was anything to change
   */
  public boolean into(Splice splice, AttributeWalk walk) {
    int longer = 0;
    boolean changes = false;
    for (Attribute4 attribute : Attribute4.ALL) {
      if (changes(walk, attribute)) {
        changes = true;
        longer += values[attribute.number()].length - length(walk, attribute);
      }
    }
    if (changes) {
      bitmap(splice, walk);
      splice.word(walk.lengthAt(), walk.end() - walk.valuesAt() + longer);
      values(splice, walk);
    }
    Arrays.fill(values, null);
    return changes;
  }

  private boolean changes(AttributeWalk walk, Attribute4 attribute) {
    return values[attribute.number()] != null && walk.has(attribute);
  }

  private static int length(AttributeWalk walk, Attribute4 attribute) {
    return walk.end(attribute) - walk.at(attribute);
  }

  private void bitmap(Splice splice, AttributeWalk walk) {
    for (int word = 0; word < walk.bitmapWords(); word++) {
      int dropped = 0;
      for (int bit = 0; bit < 32 && 32 * word + bit < values.length; bit++) {
        if (values[32 * word + bit] == NOTHING) {
          dropped |= 1 << bit;
        }
      }
      if ((walk.bitmapWord(word) & dropped) != 0) {
        splice.word(walk.bitmapAt() + 4 * word, walk.bitmapWord(word) & ~dropped);
      }
    }
  }

  private void values(Splice splice, AttributeWalk walk) {
    for (Attribute4 attribute : Attribute4.ALL) {
      if (changes(walk, attribute)) {
        byte[] value = values[attribute.number()];
        splice.bytes(walk.at(attribute), length(walk, attribute), value);
      }
    }
  }
}
