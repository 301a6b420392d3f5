package org.nfsproxy.backend.nfs.questions;

import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * The few NFSv4 attributes that questions ask for (RFC 7530 section 5, fattr4 in section 2.2).
 *
 * @param type nfs_ftype4, 0 if it was not given
 * @param fsidGiven whether the two words of the fsid were
 * @param fsidMajor first half of the fsid
 * @param fsidMinor second half
 * @param error rdattr_error: why an entry of READDIR has no other attributes, 0 if it has
 * @param handle the filehandle, empty if it was not given
 * @param fileid unique within the filesystem, 0 if it was not given
 */
// A server answers with the bitmap of what it gives, which may be less than what was asked. The
// values follow in the order of their numbers. A value nobody asked for has no known length:
// garbage.
record Attributes4(
    int type,
    boolean fsidGiven,
    long fsidMajor,
    long fsidMinor,
    int error,
    byte[] handle,
    long fileid) {
  static final int TYPE = 1;
  static final int FSID = 8;
  static final int RDATTR_ERROR = 11;
  static final int FILEHANDLE = 19;
  static final int FILEID = 20;

  /** The longest attribute list: all of the above, and a handle of 128 bytes. */
  private static final int VALUES_BYTES_MAX = 256;

  /** RFC 8881 has numbers up to 75; a server may pad its bitmap with zero words. */
  private static final int WORDS_MAX = 8;

  private static final int KNOWN =
      1 << TYPE | 1 << FSID | 1 << RDATTR_ERROR | 1 << FILEHANDLE | 1 << FILEID;

  /** Writes the bitmap that asks for some of the attributes above. */
  static void ask(XdrWriter out, int... numbers) {
    int word = 0;
    for (int number : numbers) {
      word |= 1 << number;
    }
    out.int32(1).int32(word);
  }

  /** Reads a fattr4. */
  static Attributes4 read(XdrReader in) {
    int given = bitmap(in);
    int length = in.count(VALUES_BYTES_MAX);
    int end = in.position() + length;
    int type = has(given, TYPE) ? in.int32() : 0;
    boolean fsid = has(given, FSID);
    long major = fsid ? in.int64() : 0;
    long minor = fsid ? in.int64() : 0;
    int error = has(given, RDATTR_ERROR) ? in.int32() : 0;
    byte[] handle = has(given, FILEHANDLE) ? in.opaque(128) : new byte[0];
    long fileid = has(given, FILEID) ? in.int64() : 0;
    if (in.position() != end) {
      throw new XdrException("attributes of " + length + " bytes end elsewhere");
    }
    return new Attributes4(type, fsid, major, minor, error, handle, fileid);
  }

  private static int bitmap(XdrReader in) {
    int words = in.count(WORDS_MAX);
    int first = words > 0 ? in.int32() : 0;
    boolean unasked = (first & ~KNOWN) != 0;
    for (int i = 1; i < words; i++) {
      unasked |= in.int32() != 0;
    }
    if (unasked) {
      throw new XdrException("attributes that nobody asked for");
    }
    return first;
  }

  private static boolean has(int bitmap, int number) {
    return (bitmap & 1 << number) != 0;
  }

  boolean isDirectory() {
    return type == org.nfsproxy.backend.ObjectIdentity.DIRECTORY;
  }
}
