package org.nfsproxy.backend.coordinated.nfs4j.operations;

import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.nfsstat;
import org.dcache.nfs.status.BadNameException;
import org.dcache.nfs.status.InvalException;
import org.dcache.nfs.status.NotDirException;
import org.dcache.nfs.status.SymlinkException;
import org.dcache.nfs.v4.CompoundContext;
import org.dcache.nfs.v4.Stateids;
import org.dcache.nfs.v4.xdr.LINK4resok;
import org.dcache.nfs.v4.xdr.REMOVE4resok;
import org.dcache.nfs.v4.xdr.RENAME4resok;
import org.dcache.nfs.v4.xdr.change_info4;
import org.dcache.nfs.v4.xdr.changeid4;
import org.dcache.nfs.v4.xdr.nfs_argop4;
import org.dcache.nfs.v4.xdr.nfs_resop4;
import org.dcache.nfs.vfs.Inode;
import org.dcache.nfs.vfs.Stat;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.Names;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.WccData;

/** LOOKUP, REMOVE, RENAME and LINK: RFC 8881 sections 18.13, 18.25, 18.26 and 18.9. */
// Ours, since names are bytes: nfs4j refuses what is no UTF-8, which NFSv3 or the machine may have
// made, and nobody could remove. And nfs4j says that a directory's change was atomic with the
// operation; a client that believes it goes on with cached names that others have changed between.
final class EntryOperations {
  private EntryOperations() {}

  static void lookup(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    enter(checked(args.oplookup.objname.value), context);
    result.oplookup.status = nfsstat.NFS_OK;
  }

  /** Makes an entry of the current directory the current object. */
  static void enter(byte[] name, CompoundContext context) throws ChimeraNFSException {
    CallerFiles view = (CallerFiles) context.getFs();
    try {
      context.currentInode(view.lookup(context.currentInode(), name));
    } catch (NotDirException in) {
      boolean isSymlink = view.getattr(context.currentInode()).type() == Stat.Type.SYMLINK;
      throw isSymlink ? new SymlinkException("a symlink is no directory") : in;
    }
    context.currentStateid(Stateids.ZeroStateId());
  }

  // NFSv4 has one operation for files and directories.
  static void remove(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    CallerFiles view = (CallerFiles) context.getFs();
    byte[] name = checked(args.opremove.target.value);
    ObjectHandle directory = WireHandle.read(context.currentInode());
    REMOVE4resok resok = new REMOVE4resok();
    long before = view.change(context.currentInode());
    Answers.of(
        () -> {
          FileType type = view.files.lookup(view.caller, directory, name).attributes().type();
          if (type == FileType.NF3DIR) {
            view.files.removeDirectory(view.caller, directory, name, new WccData());
          } else {
            view.files.remove(view.caller, directory, name, new WccData());
          }
        });
    resok.cinfo = changed(before, view.change(context.currentInode()));
    result.opremove.resok4 = resok;
    result.opremove.status = nfsstat.NFS_OK;
  }

  static void rename(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    CallerFiles view = (CallerFiles) context.getFs();
    byte[] oldName = checked(args.oprename.oldname.value);
    byte[] newName = checked(args.oprename.newname.value);
    Inode from = context.savedInode();
    Inode to = context.currentInode();
    RENAME4resok resok = new RENAME4resok();
    long fromBefore = view.change(from);
    long toBefore = view.change(to);
    Answers.of(
        () ->
            view.files.rename(
                view.caller,
                WireHandle.read(from),
                oldName,
                WireHandle.read(to),
                newName,
                new WccData(),
                new WccData()));
    resok.source_cinfo = changed(fromBefore, view.change(from));
    resok.target_cinfo = changed(toBefore, view.change(to));
    result.oprename.resok4 = resok;
    result.oprename.status = nfsstat.NFS_OK;
  }

  static void link(nfs_argop4 args, CompoundContext context, nfs_resop4 result)
      throws ChimeraNFSException {
    CallerFiles view = (CallerFiles) context.getFs();
    byte[] name = checked(args.oplink.newname.value);
    ObjectHandle object = WireHandle.read(context.savedInode());
    ObjectHandle directory = WireHandle.read(context.currentInode());
    LINK4resok resok = new LINK4resok();
    long before = view.change(context.currentInode());
    Answers.of(() -> view.files.link(view.caller, object, directory, name, new WccData()));
    resok.cinfo = changed(before, view.change(context.currentInode()));
    result.oplink.resok4 = resok;
    result.oplink.status = nfsstat.NFS_OK;
  }

  /** A name that an entry may have, RFC 8881 section 14.5 and the errors in 15.1.7; any length. */
  static byte[] checked(byte[] name) throws ChimeraNFSException {
    if (name.length == 0) {
      throw new InvalException("no name");
    }
    boolean possible = !Names.isSelf(name) && !Names.isParent(name);
    for (byte character : name) {
      possible &= character != '/' && character != 0;
    }
    if (!possible) {
      throw new BadNameException("no entry's name");
    }
    return name;
  }

  /** Never atomic: others may change the directory meanwhile, on other machines too. */
  static change_info4 changed(long before, long after) {
    change_info4 change = new change_info4();
    change.atomic = false;
    change.before = new changeid4(before);
    change.after = new changeid4(after);
    return change;
  }
}
