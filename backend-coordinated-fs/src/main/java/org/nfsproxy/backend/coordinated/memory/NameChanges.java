package org.nfsproxy.backend.coordinated.memory;

import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Names;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.memory.MemoryDirectory.Entry;

/** Adds, removes and moves entries of directories, and keeps count of links and memory. */
// Each method checks all it has to check, then reserves memory, and changes something only after
// that: a refused operation leaves no trace.
final class NameChanges {
  private NameChanges() {}

  /** Whether an object may be added: the directory is writable and the name is free. */
  static void checkAdd(UserIds caller, MemoryDirectory directory, byte[] name)
      throws FilesException {
    Names.checkNew(name, Nfs3Status.NFS3ERR_EXIST);
    Permissions.need(caller, directory, Permissions.EXECUTE);
    if (directory.get(name) != null) {
      throw new FilesException(Nfs3Status.NFS3ERR_EXIST);
    }
    Permissions.need(caller, directory, Permissions.WRITE);
  }

  /** Adds a new object, after {@link #checkAdd}. */
  static void addNew(MemoryDirectory directory, byte[] name, MemoryObject object)
      throws FilesException {
    boolean isDirectory = object instanceof MemoryDirectory;
    if (isDirectory) {
      needLink(directory);
    }
    reserveEntry(directory, name);
    try {
      directory.filesystem.keep(object);
    } catch (FilesException full) {
      directory.filesystem.release(MemoryDirectory.chargedFor(name));
      throw full;
    }
    directory.add(name, object);
    if (isDirectory) {
      directory.links++;
    } else {
      object.links = 1;
    }
    directory.contentsChanged();
  }

  /** LINK. */
  static void link(UserIds caller, MemoryObject object, MemoryDirectory directory, byte[] name)
      throws FilesException {
    needSameFilesystem(object, directory);
    if (object instanceof MemoryDirectory) {
      throw new FilesException(Nfs3Status.NFS3ERR_ISDIR);
    }
    checkAdd(caller, directory, name);
    needLink(object);
    reserveEntry(directory, name);
    directory.add(name, object);
    object.links++;
    object.attributesChanged();
    directory.contentsChanged();
  }

  /** REMOVE. */
  static void remove(UserIds caller, MemoryDirectory directory, byte[] name) throws FilesException {
    Names.checkNew(name, Nfs3Status.NFS3ERR_ISDIR);
    Entry entry = find(caller, directory, name);
    Permissions.needRemove(caller, directory, entry.object());
    if (entry.object() instanceof MemoryDirectory) {
      throw new FilesException(Nfs3Status.NFS3ERR_ISDIR);
    }
    take(directory, entry);
    directory.contentsChanged();
  }

  /** RMDIR. */
  static void removeDirectory(UserIds caller, MemoryDirectory directory, byte[] name)
      throws FilesException {
    Names.checkNew(name, Names.isSelf(name) ? Nfs3Status.NFS3ERR_INVAL : Nfs3Status.NFS3ERR_EXIST);
    Entry entry = find(caller, directory, name);
    Permissions.needRemove(caller, directory, entry.object());
    if (!(entry.object() instanceof MemoryDirectory removed)) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOTDIR);
    }
    needUnused(removed);
    take(directory, entry);
    directory.contentsChanged();
  }

  /** RENAME. */
  static void rename(
      UserIds caller, MemoryDirectory from, byte[] fromName, MemoryDirectory to, byte[] toName)
      throws FilesException {
    needSameFilesystem(from, to);
    Names.checkNew(fromName, Nfs3Status.NFS3ERR_INVAL);
    Names.checkNew(toName, Nfs3Status.NFS3ERR_INVAL);
    Entry source = find(caller, from, fromName);
    MemoryObject object = source.object();
    Permissions.need(caller, to, Permissions.EXECUTE);
    Entry target = to.get(toName);
    Permissions.needRemove(caller, from, object);
    Permissions.need(caller, to, Permissions.WRITE);
    boolean movesDirectory = object instanceof MemoryDirectory && from != to;
    if (object instanceof MemoryDirectory moved) {
      checkMove(caller, moved, from, to);
    }
    if (target != null) {
      if (target.object() == object) {
        return;
      }
      Permissions.needRemove(caller, to, target.object());
      checkReplace(object, target.object());
    } else if (movesDirectory) {
      needLink(to);
    }
    reserveEntry(to, toName);
    if (target != null) {
      take(to, target);
    }
    from.drop(source);
    from.filesystem.release(source.charged());
    to.add(toName, object);
    if (movesDirectory) {
      from.links--;
      to.links++;
      ((MemoryDirectory) object).parent = to;
    }
    object.attributesChanged();
    from.contentsChanged();
    to.contentsChanged();
  }

  private static void checkMove(
      UserIds caller, MemoryDirectory moved, MemoryDirectory from, MemoryDirectory to)
      throws FilesException {
    if (to.isIn(moved)) {
      throw new FilesException(Nfs3Status.NFS3ERR_INVAL);
    }
    needNoMount(moved);
    if (from != to) {
      Permissions.need(caller, moved, Permissions.WRITE); // its ".." changes
    }
  }

  private static void checkReplace(MemoryObject object, MemoryObject replaced)
      throws FilesException {
    if (replaced instanceof MemoryDirectory directory) {
      if (!(object instanceof MemoryDirectory)) {
        throw new FilesException(Nfs3Status.NFS3ERR_ISDIR);
      }
      needUnused(directory);
    } else if (object instanceof MemoryDirectory) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOTDIR);
    }
  }

  private static Entry find(UserIds caller, MemoryDirectory directory, byte[] name)
      throws FilesException {
    Permissions.need(caller, directory, Permissions.EXECUTE);
    Entry entry = directory.get(name);
    if (entry == null) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOENT);
    }
    return entry;
  }

  /** Takes an entry away, and its object if that was its last name. */
  private static void take(MemoryDirectory directory, Entry entry) {
    MemoryObject object = entry.object();
    directory.drop(entry);
    directory.filesystem.release(entry.charged());
    if (object instanceof MemoryDirectory) {
      directory.links--;
      object.links = 0;
    } else {
      object.links--;
    }
    if (object.links == 0) {
      object.filesystem.forget(object);
    } else {
      object.attributesChanged();
    }
  }

  private static void reserveEntry(MemoryDirectory directory, byte[] name) throws FilesException {
    directory.filesystem.reserve(MemoryDirectory.chargedFor(name));
  }

  private static void needSameFilesystem(MemoryObject one, MemoryObject other)
      throws FilesException {
    if (one.filesystem != other.filesystem) {
      throw new FilesException(Nfs3Status.NFS3ERR_XDEV);
    }
  }

  private static void needLink(MemoryObject object) throws FilesException {
    if (object.links >= MemoryFilesystem.LINKS_MAX) {
      throw new FilesException(Nfs3Status.NFS3ERR_MLINK);
    }
  }

  private static void needUnused(MemoryDirectory directory) throws FilesException {
    needNoMount(directory);
    if (!directory.isEmpty()) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOTEMPTY);
    }
  }

  // What the kernel calls busy; NFSv3 has no such status.
  private static void needNoMount(MemoryDirectory directory) throws FilesException {
    if (directory.mounted != null) {
      throw new FilesException(Nfs3Status.NFS3ERR_ACCES);
    }
  }
}
