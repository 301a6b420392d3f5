package org.nfsproxy.nfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Writes a fattr4 with the attributes asked for, following the RFCs and nothing of the product. */
public final class AttributesBuilder extends XdrBytes<AttributesBuilder> {
  public static final byte[] HANDLE = "a handle of 22 bytes..".getBytes(UTF_8);

  private final Map<Integer, byte[]> values = new TreeMap<>();

  /**
   * The values of all attributes, by their numbers, as RFC 7531, 5662, 7863 and others have them.
   */
  public static final Map<Integer, UnaryOperator<AttributesBuilder>> ALL = new TreeMap<>();

  private static void row(int number, UnaryOperator<AttributesBuilder> value) {
    if (ALL.put(number, value) != null) {
      throw new IllegalStateException("attribute " + number + " twice");
    }
  }

  private static void wordRows(int... numbers) {
    for (int number : numbers) {
      row(number, a -> a.word(1));
    }
  }

  private static void hyperRows(int... numbers) {
    for (int number : numbers) {
      row(number, a -> a.hyper(0x1122334455667788L));
    }
  }

  private static void timeRows(int... numbers) {
    for (int number : numbers) {
      row(number, AttributesBuilder::time);
    }
  }

  static {
    row(0, a -> a.bitmap(0xfdffbfff, 0x00f9be3e, 0x0004));
    wordRows(1, 2, 5, 6, 7, 9, 10, 11, 13, 14, 15, 16, 17, 18, 25, 26, 28, 29, 33, 34, 35, 46);
    hyperRows(3, 4, 20, 21, 22, 23, 27, 30, 31, 38, 39, 40, 42, 43, 44, 45, 55, 73, 78);
    row(8, a -> a.hyper(0xf51d).hyper(7));
    row(12, a -> a.word(2).ace("OWNER@").ace("a"));
    row(19, a -> a.opaque(HANDLE));
    row(24, AttributesBuilder::locations);
    row(32, a -> a.text("text/plain"));
    row(36, a -> a.text("root@example.org"));
    row(37, a -> a.text("100"));
    row(41, a -> a.words(8, 1));
    timeRows(47, 49, 50, 51, 52, 53, 56, 57, 84, 85);
    row(48, a -> a.word(1).time());
    row(54, a -> a.word(0));
    row(58, a -> a.words(4, 1).ace("GROUP@"));
    row(59, a -> a.words(0, 0));
    row(60, a -> a.hyper(1).hyper(2));
    row(61, a -> a.words(0, 5).text("source").text("current").word(-1).time());
    row(62, a -> a.words(2, 1, 4));
    row(63, a -> a.word(4).opaque(7, 0x41));
    row(64, a -> a.word(0));
    wordRows(65, 66, 76, 77, 79, 82, 83);
    row(67, AttributesBuilder::locationsInfo);
    row(68, a -> a.word(1).word(4).bitmap(0xf).opaque(16, 0));
    row(69, a -> a.hyper(9).word(1).time());
    row(70, a -> a.words(1, 1).hyper(9));
    row(71, a -> a.hyper(9).word(0));
    row(72, a -> a.words(0, 0));
    row(74, a -> a.words(0644, 0777));
    row(75, a -> a.bitmap(1, 2));
    row(80, a -> a.words(0, 0).text("system_u:object_r:nfs_t:s0"));
    row(81, a -> a.words(0644, 0022));
    row(86, a -> a.bitmap(0xe).bitmap(0xf).bitmap().bitmap(0x7f).bitmap(0xf));
  }

  public AttributesBuilder bitmap(int... words) {
    return word(words.length).words(words);
  }

  private AttributesBuilder time() {
    return hyper(1_700_000_000L).word(7);
  }

  private AttributesBuilder ace(String who) {
    return words(0, 0, 0x1f).text(who);
  }

  private AttributesBuilder path(String... components) {
    word(components.length);
    for (String component : components) {
      text(component);
    }
    return this;
  }

  /** Two locations, of two servers and one. */
  private AttributesBuilder locations() {
    path("export", "xfs").word(2);
    word(2).text("a.example.org").text("10.0.0.2").path("export", "xfs");
    return word(1).text("c").path();
  }

  private AttributesBuilder locationsInfo() {
    words(1, 3600).path("export").word(1);
    word(2).word(0).opaque(12, 0x11).text("a.example.org").word(-1).opaque(0, 0).text("b");
    return path("export");
  }

  /** Adds an attribute, or replaces it. */
  public AttributesBuilder with(int number, UnaryOperator<AttributesBuilder> value) {
    values.put(number, value.apply(new AttributesBuilder()).bytes());
    return this;
  }

  public AttributesBuilder with(int... numbers) {
    for (int number : numbers) {
      with(number, ALL.get(number));
    }
    return this;
  }

  public static AttributesBuilder of(int... numbers) {
    return new AttributesBuilder().with(numbers);
  }

  /** The fattr4, with a bitmap of this many words at least. */
  public byte[] fattr4(int wordsMin) {
    int words = wordsMin;
    int length = 0;
    for (Map.Entry<Integer, byte[]> value : values.entrySet()) {
      words = Math.max(words, value.getKey() / 32 + 1);
      length += value.getValue().length;
    }
    int[] bitmap = new int[words];
    values.keySet().forEach(number -> bitmap[number / 32] |= 1 << number % 32);
    AttributesBuilder whole = new AttributesBuilder().bitmap(bitmap).word(length);
    values.values().forEach(whole::raw);
    return whole.bytes();
  }

  public byte[] fattr4() {
    return fattr4(0);
  }
}
