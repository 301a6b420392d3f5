package org.nfsproxy.nfs.walk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * Finds each attribute in a fattr4, RFC 8881 section 3.3.9. One walk serves many and allocates
 * nothing; not for several threads at once.
 *
 * <pre>
 *  +------+--------+- - -+--------+-------+- - - - - - -+
 *  |words | word 0 |     | word n |length | values      |  in the order of their bits
 *  +------+--------+- - -+--------+-------+- - - - - - -+
 *         ^ bitmapAt()            ^       ^ valuesAt()  ^ end()
 *                                 lengthAt()
 * </pre>
 */
// Values have no lengths of their own, so an attribute nobody here knows ends the walk. Those with
// lower numbers are found all the same, and the values behind them need not be understood to cut
// one of the lower ones out.
//
// Values that are longer than their attributes are garbage: then the attributes are not what they
// seem to be. (The Linux client gives up on such a reply too.)
public final class AttributeWalk {
  /** What {@link #walk} found. */
  public enum Form {
    /** All attributes, and nothing but attributes. */
    WHOLE,
    /** Those up to one whose number is above all known here. */
    UNKNOWN_ATTRIBUTE,
    /** No attributes: they end too early, or a value cannot be. */
    GARBAGE
  }

  /** More words than any attribute needs for long; RFC 9754 is at three. */
  private static final int WORDS_MAX = 32;

  private final XdrReader reader = new XdrReader();
  private final Parts parts = new Parts();
  private final int[] at = new int[Attribute4.count()];
  private final int[] to = new int[Attribute4.count()];
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private int bitmapAt;
  private int words;
  private int valuesAt;
  private int end;
  private int unknown;

  /** Begins with nothing found. */
  public AttributeWalk() {
    forget();
  }

  private void forget() {
    Arrays.fill(at, -1);
    parts.clear();
    unknown = -1;
    words = 0;
  }

  /**
   * Walks over attributes.
   *
   * @param buffer the record
   * @param from index of the bitmap's count: where a {@link Part#FATTR4} begins
   * @param to index behind the last byte there may be
   * @return {@link Form#WHOLE}; {@link Form#UNKNOWN_ATTRIBUTE} where attributes above the last one
   *     known here remain, those below hold; {@link Form#GARBAGE}, nothing holds
   */
  public Form walk(ByteBuf buffer, int from, int to) {
    forget();
    this.buffer = buffer;
    try {
      reader.reset(buffer, from, to);
      words = reader.count(WORDS_MAX);
      bitmapAt = reader.position();
      reader.skip(4 * words);
      int length = reader.int32();
      valuesAt = reader.position();
      reader.skip(length);
      end = reader.position();
      if (length % 4 != 0) {
        throw new XdrException("values of " + length + " bytes");
      }
      reader.reset(buffer, valuesAt, end);
      return walkValues();
    } catch (XdrException garbage) {
      forget();
      return Form.GARBAGE;
    }
  }

  private Form walkValues() {
    for (int word = 0; word < words; word++) {
      int bits = buffer.getInt(bitmapAt + 4 * word);
      while (bits != 0) {
        int bit = Integer.numberOfTrailingZeros(bits);
        bits &= bits - 1;
        int number = 32 * word + bit;
        if (number >= Attribute4.count()) {
          unknown = number;
          return Form.UNKNOWN_ATTRIBUTE;
        }
        int from = reader.position();
        Attribute4.of(number).value().pass(reader, parts.found());
        at[number] = from;
        to[number] = reader.position();
      }
    }
    if (reader.remaining() != 0) {
      throw new XdrException(reader.remaining() + " bytes behind the last value");
    }
    return Form.WHOLE;
  }

  /**
   * Whether an attribute is there.
   *
   * @param attribute which
   * @return true if it was found
   */
  public boolean has(Attribute4 attribute) {
    return at[attribute.number()] >= 0;
  }

  /**
   * Where an attribute's value begins.
   *
   * @param attribute which
   * @return index of its first byte, of a filehandle or text that of its length; -1 if there is
   *     none
   */
  public int at(Attribute4 attribute) {
    return at[attribute.number()];
  }

  /**
   * Where an attribute's value ends.
   *
   * @param attribute which
   * @return index behind its padding; -1 if there is none
   */
  public int end(Attribute4 attribute) {
    return has(attribute) ? to[attribute.number()] : -1;
  }

  /**
   * The servers that fs_locations and fs_locations_info name, and a {@link Part#HANDLE} if the
   * filehandle is among the attributes, in the order of the bytes.
   *
   * @return parts
   */
  public Parts parts() {
    return parts;
  }

  /**
   * The first number that has no row.
   *
   * @return the number; -1 if all are known
   */
  public int unknownNumber() {
    return unknown;
  }

  /**
   * Where the bitmap is.
   *
   * @return index of its first word, behind its count
   */
  public int bitmapAt() {
    return bitmapAt;
  }

  /**
   * How long the bitmap is.
   *
   * @return words
   */
  public int bitmapWords() {
    return words;
  }

  /**
   * A word of the bitmap.
   *
   * @param word 0 to {@link #bitmapWords} - 1
   * @return its bits
   */
  public int bitmapWord(int word) {
    return buffer.getInt(bitmapAt + 4 * word);
  }

  /**
   * Where the length of all values stands.
   *
   * @return index of the word
   */
  public int lengthAt() {
    return valuesAt - 4;
  }

  /**
   * Where the values begin.
   *
   * @return index of the first one
   */
  public int valuesAt() {
    return valuesAt;
  }

  /**
   * Where the values end.
   *
   * @return index behind the last one
   */
  public int end() {
    return end;
  }
}
