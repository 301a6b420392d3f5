package org.nfsproxy.backend.coordinated.nfs4j.operations;

import static org.nfsproxy.nfs.table.Attribute4.*;

import java.util.EnumSet;
import java.util.Set;
import org.dcache.nfs.v4.xdr.bitmap4;
import org.nfsproxy.nfs.table.Attribute4;

/** Which attributes there are, and what a client may do with them. */
final class AttributeSet {
  /** Those that SETATTR and creation set. */
  static final Set<Attribute4> SETTABLE =
      EnumSet.of(SIZE, MODE, OWNER, OWNER_GROUP, TIME_ACCESS_SET, TIME_MODIFY_SET);

  /** Those of them that cannot be read. */
  static final Set<Attribute4> WRITE_ONLY = EnumSet.of(TIME_ACCESS_SET, TIME_MODIFY_SET);

  /** Those of an exclusive creation: all that can be set, RFC 8881 section 18.16.3. */
  static final Set<Attribute4> EXCLUSIVE = SETTABLE;

  private static final Set<Attribute4> ALL =
      EnumSet.of(
          SUPPORTED_ATTRS,
          TYPE,
          FH_EXPIRE_TYPE,
          CHANGE,
          SIZE,
          LINK_SUPPORT,
          SYMLINK_SUPPORT,
          NAMED_ATTR,
          FSID,
          UNIQUE_HANDLES,
          LEASE_TIME,
          RDATTR_ERROR,
          ACLSUPPORT,
          CANSETTIME,
          CASE_INSENSITIVE,
          CASE_PRESERVING,
          CHOWN_RESTRICTED,
          FILEHANDLE,
          FILEID,
          FILES_AVAIL,
          FILES_FREE,
          FILES_TOTAL,
          HOMOGENEOUS,
          MAXFILESIZE,
          MAXLINK,
          MAXNAME,
          MAXREAD,
          MAXWRITE,
          MODE,
          NO_TRUNC,
          NUMLINKS,
          OWNER,
          OWNER_GROUP,
          RAWDEV,
          SPACE_AVAIL,
          SPACE_FREE,
          SPACE_TOTAL,
          SPACE_USED,
          TIME_ACCESS,
          TIME_ACCESS_SET,
          TIME_DELTA,
          TIME_METADATA,
          TIME_MODIFY,
          TIME_MODIFY_SET,
          MOUNTED_ON_FILEID,
          SUPPATTR_EXCLCREAT);

  private AttributeSet() {}

  /** All there are in a minor version. */
  static Set<Attribute4> supported(int minorVersion) {
    Set<Attribute4> supported = EnumSet.copyOf(ALL);
    if (minorVersion == 0) {
      supported.remove(SUPPATTR_EXCLCREAT);
    }
    return supported;
  }

  /** Those of a bitmap that are in a set. */
  static Set<Attribute4> of(bitmap4 bitmap, Set<Attribute4> known) {
    Set<Attribute4> found = EnumSet.noneOf(Attribute4.class);
    for (Attribute4 attribute : known) {
      if (isSet(bitmap, attribute)) {
        found.add(attribute);
      }
    }
    return found;
  }

  static boolean isSet(bitmap4 bitmap, Attribute4 attribute) {
    int word = attribute.number() / Integer.SIZE;
    return word < bitmap.value.length && (bitmap.value[word] >>> attribute.number() & 1) != 0;
  }

  /** How many bits are set. */
  static int count(bitmap4 bitmap) {
    int count = 0;
    for (int word : bitmap.value) {
      count += Integer.bitCount(word);
    }
    return count;
  }

  static bitmap4 bitmap(Set<Attribute4> attributes) {
    return new bitmap4(words(attributes));
  }

  /** The words of a bitmap, as few as will do. */
  static int[] words(Set<Attribute4> attributes) {
    int last = attributes.stream().mapToInt(Attribute4::number).max().orElse(-1);
    int[] words = new int[last < 0 ? 0 : last / Integer.SIZE + 1];
    for (Attribute4 attribute : attributes) {
      words[attribute.number() / Integer.SIZE] |= 1 << attribute.number();
    }
    return words;
  }
}
