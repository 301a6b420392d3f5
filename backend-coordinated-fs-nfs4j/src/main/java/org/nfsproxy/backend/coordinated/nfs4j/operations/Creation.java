package org.nfsproxy.backend.coordinated.nfs4j.operations;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.status.BadTypeException;
import org.dcache.nfs.status.BadXdrException;
import org.dcache.nfs.status.ExistException;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.xdr.CREATE4args;
import org.dcache.nfs.v4.xdr.CREATE4resok;
import org.dcache.nfs.v4.xdr.OPEN4args;
import org.dcache.nfs.v4.xdr.bitmap4;
import org.dcache.nfs.v4.xdr.createhow4;
import org.dcache.nfs.v4.xdr.createmode4;
import org.dcache.nfs.v4.xdr.fattr4;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_ftype4;
import org.dcache.nfs.v4.xdr.nfs_resop4;
import org.dcache.nfs.v4.xdr.opentype4;
import org.dcache.nfs.v4.xdr.verifier4;
import org.dcache.nfs.vfs.Inode;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.WccData;

/** CREATE and the creation in OPEN: RFC 8881 sections 18.4 and 18.16. */
// An OPEN that creates is done in two steps: the file is made here, as it is asked for (nfs4j takes
// GUARDED for UNCHECKED and keeps no exclusive verifier), then nfs4j opens what is there by now.
final class Creation {
  private final CompoundContext context;
  private final CallerFiles view;
  private final ObjectHandle directory;
  private final byte[] name;

  private Creation(CompoundContext context, byte[] name) throws ChimeraNFSException {
    this.context = context;
    this.view = (CallerFiles) context.getFs();
    this.directory = WireHandle.read(context.currentInode());
    this.name = name;
  }

  static void create(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    CREATE4args asked = args.opcreate;
    Inode in = context.currentInode();
    CallerFiles view = (CallerFiles) context.getFs();
    AttributeChange attributes = AttributeChanges.of(asked.createattrs, context.getMinorversion());
    Creation creation = new Creation(context, EntryOperations.checked(asked.objname.value));
    CREATE4resok resok = new CREATE4resok();
    long before = view.change(in);
    FoundObject made = creation.make(asked, attributes);
    resok.cinfo = EntryOperations.changed(before, view.change(in));
    resok.attrset = asked.createattrs.attrmask;
    context.currentInode(WireHandle.inode(made.handle()));
    context.currentStateid(org.dcache.nfs.v4.Stateids.ZeroStateId());
    result.opcreate.resok4 = resok;
    result.opcreate.status = nfsstat.NFS_OK;
  }

  private FoundObject make(CREATE4args asked, AttributeChange attributes) throws ChimeraNFSException {
    WccData wcc = new WccData();
    int type = asked.objtype.type;
    return switch (type) {
      case nfs_ftype4.NF4DIR ->
          Answers.of(() -> view.files.makeDirectory(view.caller, directory, name, attributes, wcc));
      case nfs_ftype4.NF4LNK ->
          Answers.of(
              () ->
                  view.files.makeSymlink(
                      view.caller,
                      directory,
                      name,
                      asked.objtype.linkdata.value.value,
                      attributes,
                      wcc));
      case nfs_ftype4.NF4BLK, nfs_ftype4.NF4CHR ->
          special(
              type,
              new Attributes.Device(
                  asked.objtype.devdata.specdata1, asked.objtype.devdata.specdata2),
              attributes);
      case nfs_ftype4.NF4SOCK, nfs_ftype4.NF4FIFO ->
          special(type, Attributes.Device.NONE, attributes);
      default -> throw new BadTypeException("type " + type);
    };
  }

  private FoundObject special(int type, Attributes.Device device, AttributeChange attributes)
      throws ChimeraNFSException {
    return Answers.of(
        () ->
            view.files.makeSpecial(
                view.caller,
                directory,
                name,
                FileType.of(type),
                device,
                attributes,
                new WccData()));
  }

  /** An OPEN that creates, of CLAIM_NULL. */
  static void open(nfs_argop4 args, CompoundContext context, nfs_resop4 result) throws IOException {
    OPEN4args asked = args.opopen;
    Inode in = context.currentInode();
    CallerFiles view = (CallerFiles) context.getFs();
    long before = view.change(in);
    byte[] name = EntryOperations.checked(asked.claim.file.value);
    bitmap4 set = new Creation(context, name).file(asked.openhow.how);
    asked.openhow.opentype = opentype4.OPEN4_NOCREATE;
    Opening.existing(args, context, result);
    result.opopen.resok4.cinfo = EntryOperations.changed(before, view.change(in));
    result.opopen.resok4.attrset = set;
  }

  /** Makes the file, or finds that the one which is there will do. */
  private bitmap4 file(createhow4 how) throws ChimeraNFSException {
    return switch (how.mode) {
      case createmode4.UNCHECKED4 -> unchecked(how.createattrs);
      case createmode4.GUARDED4 -> guarded(how.createattrs);
      case createmode4.EXCLUSIVE4 -> exclusive(how.createverf, Optional.empty());
      case createmode4.EXCLUSIVE4_1 ->
          exclusive(how.ch_createboth.cva_verf, Optional.of(how.ch_createboth.cva_attrs));
      default -> throw new BadXdrException("createmode4 " + how.mode);
    };
  }

  private bitmap4 guarded(fattr4 list) throws ChimeraNFSException {
    made(new CreateHow.Guarded(AttributeChanges.of(list, context.getMinorversion())));
    return list.attrmask;
  }

  private bitmap4 unchecked(fattr4 list) throws ChimeraNFSException {
    try {
      return guarded(list);
    } catch (ExistException there) {
      AttributeChange asked = AttributeChanges.of(list, context.getMinorversion());
      OptionalLong size = asked.size();
      if (size.isEmpty()) {
        return new bitmap4(new int[0]);
      }
      // Of a file that exists only the size is set.
      Answers.of(
          () ->
              view.files.create(
                  view.caller, directory, name, new CreateHow.Unchecked(asked), new WccData()));
      return AttributeSet.bitmap(java.util.EnumSet.of(org.nfsproxy.nfs.table.Attribute4.SIZE));
    }
  }

  private bitmap4 exclusive(verifier4 verifier, Optional<fattr4> list) throws ChimeraNFSException {
    ObjectHandle file =
        made(new CreateHow.Exclusive(ByteBuffer.wrap(verifier.value).getLong())).handle();
    if (list.isEmpty()) {
      return new bitmap4(new int[0]);
    }
    AttributeChange change = AttributeChanges.of(list.get(), context.getMinorversion());
    Answers.of(() -> view.files.change(view.caller, file, change, Optional.empty(), new WccData()));
    return list.get().attrmask;
  }

  private FoundObject made(CreateHow how) throws ChimeraNFSException {
    FoundObject file =
        Answers.of(() -> view.files.create(view.caller, directory, name, how, new WccData()));
    view.held(WireHandle.inode(file.handle()));
    return file;
  }
}
