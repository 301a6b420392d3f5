package org.nfsproxy.backend.coordinated.nfs4j.operations;

import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.status.BadCookieException;
import org.dcache.nfs.status.TooSmallException;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.xdr.READDIR4args;
import org.dcache.nfs.v4.xdr.READDIR4resok;
import org.dcache.nfs.v4.xdr.bitmap4;
import org.dcache.nfs.v4.xdr.component4;
import org.dcache.nfs.v4.xdr.dirlist4;
import org.dcache.nfs.v4.xdr.entry4;
import org.dcache.nfs.v4.xdr.fattr4;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_cookie4;
import org.dcache.nfs.v4.xdr.nfs_resop4;
import org.dcache.nfs.v4.xdr.verifier4;
import org.nfsproxy.backend.coordinated.files.DirectoryEntry;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.nfs3.Nfs3Program;
import org.nfsproxy.nfs.table.Attribute4;

/** READDIR, RFC 8881 section 18.23: the entries that fit. Made for one operation. */
// Names are bytes, so they go out as they are. Cookies 0, 1 and 2 are not for entries: the files'
// own are shifted by them.
final class Listing implements DirectoryEntry.Sink {
  private static final long COOKIE_SHIFT = 2;

  /** Verifier, the end of the list, eof. */
  private static final int HEAD_BYTES = 16;

  /** That there is an entry, its cookie, lengths of name, bitmap and attributes. */
  private static final int ENTRY_BYTES = 24;

  private static final int VERIFIER_BYTES = 8;

  private final CompoundContext context;
  private final CallerFiles view;
  private final ObjectHandle directory;
  private final bitmap4 asked;
  private final long bytesMax;
  private final long namesBytesMax;
  private long bytes = HEAD_BYTES;
  private long namesBytes;
  private entry4 first;
  private entry4 last;
  private ChimeraNFSException failure;

  private Listing(CompoundContext context, READDIR4args args) throws ChimeraNFSException {
    this.context = context;
    this.view = (CallerFiles) context.getFs();
    this.directory = WireHandle.read(context.currentInode());
    this.asked = args.attr_request;
    this.bytesMax =
        Math.min(Integer.toUnsignedLong(args.maxcount.value), Nfs3Program.TRANSFER_BYTES_MAX);
    this.namesBytesMax = Integer.toUnsignedLong(args.dircount.value);
  }

  static void readdir(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    READDIR4args asked = args.opreaddir;
    long cookie = asked.cookie.value;
    if (cookie != 0 && Long.compareUnsigned(cookie, COOKIE_SHIFT) <= 0) {
      throw new BadCookieException("cookie " + cookie);
    }
    Listing listing = new Listing(context, asked);
    DirectoryEntry.Listing end =
        Answers.of(
            () ->
                listing.view.files.list(
                    listing.view.caller,
                    listing.directory,
                    cookie == 0 ? 0 : cookie - COOKIE_SHIFT,
                    value(asked.cookieverf),
                    true,
                    listing));
    if (listing.failure != null) {
      throw listing.failure;
    }
    if (listing.first == null && !end.end()) {
      throw new TooSmallException("not even one entry fits");
    }
    READDIR4resok resok = new READDIR4resok();
    resok.cookieverf = verifier4.valueOf(end.verifier());
    resok.reply = new dirlist4();
    resok.reply.entries = listing.first;
    resok.reply.eof = end.end();
    result.opreaddir.resok4 = resok;
    result.opreaddir.status = nfsstat.NFS_OK;
  }

  private static long value(verifier4 verifier) {
    return java.nio.ByteBuffer.wrap(verifier.value, 0, VERIFIER_BYTES).getLong();
  }

  @Override
  public boolean offer(DirectoryEntry entry) {
    try {
      return isSelfOrParent(entry.name()) || take(entry);
    } catch (ChimeraNFSException unreadable) {
      failure = unreadable;
      return false;
    }
  }

  /** NFSv4 lists neither. */
  private static boolean isSelfOrParent(byte[] name) {
    return name[0] == '.' && (name.length == 1 || name.length == 2 && name[1] == '.');
  }

  private boolean take(DirectoryEntry entry) throws ChimeraNFSException {
    fattr4 attributes = attributes(entry);
    int nameBytes = (entry.name().length + 3) & ~3;
    int entryBytes =
        ENTRY_BYTES
            + nameBytes
            + Integer.BYTES * attributes.attrmask.value.length
            + attributes.attr_vals.value.length;
    int countedByName = Long.BYTES + Integer.BYTES + nameBytes;
    boolean namesFull =
        first != null && namesBytesMax != 0 && namesBytes + countedByName > namesBytesMax;
    if (namesFull || bytes + entryBytes > bytesMax) {
      return false;
    }
    namesBytes += countedByName;
    bytes += entryBytes;
    append(entry, attributes);
    return true;
  }

  private void append(DirectoryEntry entry, fattr4 attributes) {
    entry4 next = new entry4();
    next.cookie = new nfs_cookie4(entry.cookie() + COOKIE_SHIFT);
    next.name = new component4();
    next.name.value = entry.name();
    next.attrs = attributes;
    if (first == null) {
      first = next;
    } else {
      last.nextentry = next;
    }
    last = next;
  }

  /** A mount point's are those of what is mounted there, RFC 8881 section 5.8.2.23. */
  private fattr4 attributes(DirectoryEntry entry) throws ChimeraNFSException {
    try {
      FoundObject object =
          entry.object().isPresent()
              ? entry.object().get()
              : Answers.of(() -> view.files.lookup(view.caller, directory, entry.name()));
      return new AttributeValues(context, object, entry.fileid()).asked(asked);
    } catch (ChimeraNFSException unreadable) {
      if (!AttributeSet.isSet(asked, Attribute4.RDATTR_ERROR)) {
        throw unreadable;
      }
      return AttributeValues.error(unreadable.getStatus());
    }
  }
}
