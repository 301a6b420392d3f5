package org.nfsproxy.nfs.walk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.nfs.AttributesBuilder;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.walk.AttributeWalk.Form;

public class AttributeWalkTest {
  /** FATTR4_... of RFC 7531, 5662, 7863, 8275, 8276, 9754, from 0 on. */
  private static final String NAMES =
      "SUPPORTED_ATTRS TYPE FH_EXPIRE_TYPE CHANGE SIZE LINK_SUPPORT SYMLINK_SUPPORT NAMED_ATTR FSID"
          + " UNIQUE_HANDLES LEASE_TIME RDATTR_ERROR ACL ACLSUPPORT ARCHIVE CANSETTIME"
          + " CASE_INSENSITIVE CASE_PRESERVING CHOWN_RESTRICTED FILEHANDLE FILEID FILES_AVAIL"
          + " FILES_FREE FILES_TOTAL FS_LOCATIONS HIDDEN HOMOGENEOUS MAXFILESIZE MAXLINK MAXNAME"
          + " MAXREAD MAXWRITE MIMETYPE MODE NO_TRUNC NUMLINKS OWNER OWNER_GROUP QUOTA_AVAIL_HARD"
          + " QUOTA_AVAIL_SOFT QUOTA_USED RAWDEV SPACE_AVAIL SPACE_FREE SPACE_TOTAL SPACE_USED SYSTEM"
          + " TIME_ACCESS TIME_ACCESS_SET TIME_BACKUP TIME_CREATE TIME_DELTA TIME_METADATA"
          + " TIME_MODIFY TIME_MODIFY_SET MOUNTED_ON_FILEID DIR_NOTIF_DELAY DIRENT_NOTIF_DELAY DACL"
          + " SACL CHANGE_POLICY FS_STATUS FS_LAYOUT_TYPES LAYOUT_HINT LAYOUT_TYPES LAYOUT_BLKSIZE"
          + " LAYOUT_ALIGNMENT FS_LOCATIONS_INFO MDSTHRESHOLD RETENTION_GET RETENTION_SET"
          + " RETENTEVT_GET RETENTEVT_SET RETENTION_HOLD MODE_SET_MASKED SUPPATTR_EXCLCREAT"
          + " FS_CHARSET_CAP CLONE_BLKSIZE SPACE_FREED CHANGE_ATTR_TYPE SEC_LABEL MODE_UMASK"
          + " XATTR_SUPPORT OFFLINE TIME_DELEG_ACCESS TIME_DELEG_MODIFY OPEN_ARGUMENTS";

  private final AttributeWalk walk = new AttributeWalk();

  private Form walk(byte[] fattr4) {
    // Something before and behind, so that an index counted from the attributes is noticed.
    ByteBuf buffer = Unpooled.buffer().writeZero(16).writeBytes(fattr4).writeZero(8);
    return walk.walk(buffer, 16, buffer.writerIndex());
  }

  public static IntStream numbers() {
    return AttributesBuilder.ALL.keySet().stream().mapToInt(Integer::intValue);
  }

  @Test
  void numbers_areTheRfcs() {
    List<String> names = new ArrayList<>();
    Attribute4.ALL.forEach(attribute -> names.add(attribute.name()));
    assertEquals(NAMES, String.join(" ", names));
    assertEquals(List.copyOf(AttributesBuilder.ALL.keySet()), numbers0To(names.size()));
    assertEquals(24, Attribute4.FS_LOCATIONS.number());
    assertEquals(67, Attribute4.FS_LOCATIONS_INFO.number());
    assertEquals(86, Attribute4.OPEN_ARGUMENTS.number());
  }

  private static List<Integer> numbers0To(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void attribute_betweenOthers_isFoundWithItsLength(int number) {
    byte[] value = AttributesBuilder.ALL.get(number).apply(new AttributesBuilder()).bytes();
    AttributesBuilder attributes = AttributesBuilder.of(number);
    int others = 0;
    for (int other : new int[] {number - 1, number + 1}) {
      if (AttributesBuilder.ALL.containsKey(other)) {
        attributes.with(other);
        others++;
      }
    }
    assertEquals(Form.WHOLE, walk(attributes.fattr4()));
    Attribute4 attribute = Attribute4.of(number);
    assertTrue(walk.has(attribute));
    assertEquals(value.length, walk.end(attribute) - walk.at(attribute));
    int found = (int) Attribute4.ALL.stream().filter(walk::has).count();
    assertEquals(1 + others, found);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void attribute_cutAtEveryByte_isGarbage(int number) {
    byte[] bytes = AttributesBuilder.of(number, 33).fattr4();
    for (int length = 0; length < bytes.length; length++) {
      ByteBuf cut = Unpooled.copiedBuffer(bytes, 0, length);
      assertEquals(Form.GARBAGE, walk.walk(cut, 0, length), "at " + length);
      assertFalse(walk.has(Attribute4.of(number)));
    }
  }

  // The length of all values decides too: a value that does not fit in it is not read beyond it.
  @ParameterizedTest
  @MethodSource("numbers")
  void attribute_withAnyOtherLengthOfAllValues_isGarbage(int number) {
    byte[] bytes = AttributesBuilder.of(number).fattr4(3);
    int length = bytes.length - 20;
    for (int other = 0; other <= length + 8; other++) {
      ByteBuf buffer = Unpooled.buffer().writeBytes(bytes).writeZero(12).setInt(16, other);
      Form expected = other == length ? Form.WHOLE : Form.GARBAGE;
      assertEquals(expected, walk.walk(buffer, 0, buffer.writerIndex()), "length " + other);
    }
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void attribute_withEachWordSpoilt_isWalkedWithinItsBytes(int number) {
    byte[] bytes = AttributesBuilder.of(number, 8, 33).fattr4();
    for (int spoilt : new int[] {-1, 0x80000000, 0x7fffffff, 0x7ffffffc, 0x00ffffff, 0, 1, 2}) {
      for (int at = 0; at + 4 <= bytes.length; at += 4) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes).setInt(at, spoilt);
        Form form = walk.walk(buffer, 0, bytes.length);
        for (Attribute4 attribute : Attribute4.ALL) {
          assertTrue(walk.end(attribute) <= bytes.length);
          assertTrue(form != Form.GARBAGE || !walk.has(attribute));
        }
      }
    }
  }

  @Test
  void attributes_all_areFoundInTheirOrder() {
    int[] all = numbers().toArray();
    byte[] bytes = AttributesBuilder.of(all).fattr4();
    assertEquals(Form.WHOLE, walk(bytes));
    int at = walk.valuesAt();
    for (int number : all) {
      assertEquals(at, walk.at(Attribute4.of(number)));
      at = walk.end(Attribute4.of(number));
    }
    assertEquals(walk.end(), at);
    assertEquals(16 + bytes.length, walk.end());
    assertEquals(20, walk.bitmapAt());
    assertEquals(3, walk.bitmapWords());
    assertEquals(-1, walk.bitmapWord(0));
    assertEquals(32, walk.lengthAt());
    assertEquals(-1, walk.unknownNumber());
  }

  @Test
  void attributes_none_isWhole() {
    assertEquals(Form.WHOLE, walk(AttributesBuilder.of().fattr4()));
    assertFalse(walk.has(Attribute4.FSID));
    assertEquals(-1, walk.at(Attribute4.FSID));
    assertEquals(-1, walk.end(Attribute4.FSID));
    assertEquals(Form.WHOLE, walk(AttributesBuilder.of().fattr4(3)));
  }

  @Test
  void attribute_aboveThoseKnown_leavesTheLowerOnesFound() {
    for (int number : new int[] {87, 95, 96, 500, 1023}) {
      byte[] bytes = AttributesBuilder.of(8, 24).with(number, a -> a.words(1, 2, 3)).fattr4();
      assertEquals(Form.UNKNOWN_ATTRIBUTE, walk(bytes));
      assertEquals(number, walk.unknownNumber());
      assertTrue(walk.has(Attribute4.FSID) && walk.has(Attribute4.FS_LOCATIONS));
      assertEquals(16 + bytes.length, walk.end());
    }
    assertEquals(Form.GARBAGE, walk(AttributesBuilder.of(8).fattr4(33)));
  }

  @Test
  void parts_areTheServersAndTheHandle() {
    byte[] bytes = AttributesBuilder.of(19, 24, 67).fattr4();
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
    assertEquals(Form.WHOLE, walk.walk(buffer, 0, bytes.length));
    List<String> found = new ArrayList<>();
    for (int i = 0; i < walk.parts().count(); i++) {
      String text = buffer.toString(walk.parts().at(i), walk.parts().length(i), UTF_8);
      found.add(walk.parts().part(i) + " " + text);
    }
    assertEquals(
        List.of(
            "HANDLE a handle of 22 bytes..",
            "SERVER a.example.org",
            "SERVER 10.0.0.2",
            "SERVER c",
            "SERVER a.example.org",
            "SERVER b"),
        found);
  }
}
