package org.nfsproxy.backend.coordinated.nfs4j.operations;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.Set;
import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.status.InvalException;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.xdr.attrlist4;
import org.dcache.nfs.v4.xdr.bitmap4;
import org.dcache.nfs.v4.xdr.fattr4;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FilesystemLimits;
import org.nfsproxy.backend.coordinated.files.FilesystemSpace;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.nfs3.Nfs3Program;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.xdr.XdrWriter;

/** Writes an object's attributes, RFC 8881 section 5. Made for one object and one COMPOUND. */
// Ours, not nfs4j's: there every object has one fsid, times are in milliseconds, and devices have
// no numbers. NFSv3 and NFSv4 must tell the same of one object.
final class AttributeValues {
  private static final int FH4_PERSISTENT = 0;

  private final CompoundContext context;
  private final CallerFiles view;
  private final FoundObject object;
  private final long mountedOnFileid;
  private FilesystemLimits limits;
  private FilesystemSpace space;

  AttributeValues(CompoundContext context, FoundObject object, long mountedOnFileid) {
    this.context = context;
    this.view = (CallerFiles) context.getFs();
    this.object = object;
    this.mountedOnFileid = mountedOnFileid;
  }

  /** The current object's. */
  static AttributeValues ofCurrent(CompoundContext context) throws ChimeraNFSException {
    CallerFiles view = (CallerFiles) context.getFs();
    var handle = WireHandle.read(context.currentInode());
    Attributes attributes = Answers.of(() -> view.files.attributes(handle));
    return new AttributeValues(context, new FoundObject(handle, attributes), attributes.fileid());
  }

  /** Those that are asked for, as far as there are any. */
  fattr4 asked(bitmap4 asked) throws ChimeraNFSException {
    Set<Attribute4> supported = AttributeSet.supported(context.getMinorversion());
    Set<Attribute4> given = AttributeSet.of(asked, supported);
    for (Attribute4 attribute : AttributeSet.WRITE_ONLY) {
      if (given.contains(attribute)) {
        throw new InvalException(attribute + " cannot be read");
      }
    }
    given.remove(Attribute4.RDATTR_ERROR);
    return of(given, supported);
  }

  private fattr4 of(Set<Attribute4> given, Set<Attribute4> supported) throws ChimeraNFSException {
    ByteBuf bytes = Unpooled.buffer();
    XdrWriter out = new XdrWriter(bytes);
    for (Attribute4 attribute : given) {
      write(attribute, supported, out);
    }
    return list(given, bytes);
  }

  /** In place of an entry's attributes: why there are none. */
  static fattr4 error(int status) {
    return list(EnumSet.of(Attribute4.RDATTR_ERROR), Unpooled.buffer().writeInt(status));
  }

  private static fattr4 list(Set<Attribute4> given, ByteBuf values) {
    fattr4 list = new fattr4();
    list.attrmask = AttributeSet.bitmap(given);
    list.attr_vals = new attrlist4(ByteBufUtil.getBytes(values));
    return list;
  }

  private void write(Attribute4 attribute, Set<Attribute4> supported, XdrWriter out)
      throws ChimeraNFSException {
    Attributes is = object.attributes();
    switch (attribute) {
      case SUPPORTED_ATTRS -> bitmap(out, supported);
      case SUPPATTR_EXCLCREAT -> bitmap(out, AttributeSet.EXCLUSIVE);
      case TYPE -> out.int32(is.type().number());
      case FH_EXPIRE_TYPE -> out.int32(FH4_PERSISTENT);
      case CHANGE -> out.int64(CallerFiles.change(is));
      case SIZE -> out.int64(is.size());
      case LINK_SUPPORT -> out.bool(has(FilesystemLimits.FSF3_LINK));
      case SYMLINK_SUPPORT -> out.bool(has(FilesystemLimits.FSF3_SYMLINK));
      case NAMED_ATTR -> out.bool(false);
      case FSID -> out.int64(is.fsid()).int64(0);
      case UNIQUE_HANDLES -> out.bool(true);
      case LEASE_TIME -> out.int32((int) context.getStateHandler().getLeaseTime().toSeconds());
      case ACLSUPPORT -> out.int32(0);
      case CANSETTIME -> out.bool(has(FilesystemLimits.FSF3_CANSETTIME));
      case CASE_INSENSITIVE -> out.bool(limits().caseInsensitive());
      case CASE_PRESERVING -> out.bool(limits().casePreserving());
      case CHOWN_RESTRICTED -> out.bool(limits().chownRestricted());
      case FILEHANDLE -> out.opaque(object.handle().wire());
      case FILEID -> out.int64(is.fileid());
      case FILES_AVAIL -> out.int64(space().filesAvailable());
      case FILES_FREE -> out.int64(space().filesFree());
      case FILES_TOTAL -> out.int64(space().files());
      case HOMOGENEOUS -> out.bool(has(FilesystemLimits.FSF3_HOMOGENEOUS));
      case MAXFILESIZE -> out.int64(limits().fileBytesMax());
      case MAXLINK -> out.int32(limits().linksMax());
      case MAXNAME -> out.int32(limits().nameBytesMax());
      case MAXREAD, MAXWRITE -> out.int64(Nfs3Program.TRANSFER_BYTES_MAX);
      case MODE -> out.int32(is.mode());
      case NO_TRUNC -> out.bool(limits().noTruncation());
      case NUMLINKS -> out.int32(is.links());
      case OWNER -> out.string(Integer.toUnsignedString(is.uid()));
      case OWNER_GROUP -> out.string(Integer.toUnsignedString(is.gid()));
      case RAWDEV -> out.int32(is.device().major()).int32(is.device().minor());
      case SPACE_AVAIL -> out.int64(space().bytesAvailable());
      case SPACE_FREE -> out.int64(space().bytesFree());
      case SPACE_TOTAL -> out.int64(space().bytes());
      case SPACE_USED -> out.int64(is.used());
      case TIME_ACCESS -> time(out, is.atime());
      case TIME_DELTA -> time(out, limits().timeGranularity());
      case TIME_METADATA -> time(out, is.ctime());
      case TIME_MODIFY -> time(out, is.mtime());
      case MOUNTED_ON_FILEID -> out.int64(mountedOnFileid);
      default -> throw new IllegalStateException(attribute + " is said to be supported");
    }
  }

  private static void bitmap(XdrWriter out, Set<Attribute4> attributes) {
    int[] words = AttributeSet.words(attributes);
    out.int32(words.length);
    for (int word : words) {
      out.int32(word);
    }
  }

  private static void time(XdrWriter out, FileTime time) {
    out.int64(time.seconds() & 0xffff_ffffL).int32(time.nanos());
  }

  private boolean has(int property) throws ChimeraNFSException {
    return (limits().properties() & property) != 0;
  }

  private FilesystemLimits limits() throws ChimeraNFSException {
    if (limits == null) {
      limits = Answers.of(() -> view.files.limits(object.handle()));
    }
    return limits;
  }

  private FilesystemSpace space() throws ChimeraNFSException {
    if (space == null) {
      space = Answers.of(() -> view.files.space(view.caller, object.handle()));
    }
    return space;
  }
}
