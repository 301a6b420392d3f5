package org.nfsproxy.backend.coordinated.memory;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.DirectoryEntry;
import org.nfsproxy.backend.coordinated.files.ExportedTree;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FilesystemLimits;
import org.nfsproxy.backend.coordinated.files.FilesystemSpace;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.Names;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;

/**
 * Filesystems in memory: a root and others mounted in it. Gone when the program ends, and so are
 * their handles.
 */
// One lock for all: an operation takes microseconds, crosses from one filesystem to another on
// LOOKUP, and must be atomic with the attributes that are told before and after it.
public final class MemoryFiles implements Files {
  private static final String SEPARATOR = "/";

  private final Map<Integer, MemoryFilesystem> filesystems = new HashMap<>();
  private final List<ExportedTree> exports = new ArrayList<>();
  private final long writeVerifier = ThreadLocalRandom.current().nextLong();
  private final MemoryFilesystem outermost;

  /**
   * Makes the outermost filesystem.
   *
   * @param path where it is exported, absolute
   * @param volume the filesystem
   * @throws FilesException NOSPC if it has no room for its own root
   */
  public MemoryFiles(String path, Volume volume) throws FilesException {
    outermost = new MemoryFilesystem(volume, null);
    register(path, outermost);
  }

  /**
   * Makes a filesystem and mounts it in another one, which gets the directories that are missing on
   * the way.
   *
   * @param path where; below the outermost one's path
   * @param volume the filesystem
   * @return its root
   * @throws FilesException if a directory cannot be made
   */
  public synchronized ObjectHandle mount(String path, Volume volume) throws FilesException {
    String outerPath = exports.get(0).path();
    if (!path.startsWith(outerPath + SEPARATOR) || filesystems.containsKey(volume.id())) {
      throw new IllegalArgumentException(path + " with id " + volume.id());
    }
    MemoryDirectory at = outermost.root();
    for (String name : path.substring(outerPath.length() + 1).split(SEPARATOR)) {
      at = enterOrMake(at.mounted == null ? at : at.mounted.root(), name);
    }
    at.mounted = new MemoryFilesystem(volume, at);
    register(path, at.mounted);
    return at.mounted.root().handle();
  }

  private MemoryDirectory enterOrMake(MemoryDirectory in, String text) throws FilesException {
    byte[] name = text.getBytes(StandardCharsets.UTF_8);
    MemoryDirectory.Entry entry = in.get(name);
    if (entry == null) {
      NameChanges.checkAdd(UserIds.ROOT, in, name);
      MemoryDirectory made = new MemoryDirectory(in.filesystem, in);
      AttributeSetting.initialize(UserIds.ROOT, in, made, AttributeChange.mode(0755));
      NameChanges.addNew(in, name, made);
      return made;
    }
    return directory(entry.object());
  }

  private void register(String path, MemoryFilesystem filesystem) {
    filesystems.put(filesystem.volume().id(), filesystem);
    exports.add(new ExportedTree(path, filesystem.root().handle()));
  }

  @Override
  public synchronized List<ExportedTree> exports() {
    return List.copyOf(exports);
  }

  @Override
  public synchronized Attributes attributes(ObjectHandle object) throws FilesException {
    return find(object).attributes();
  }

  @Override
  public synchronized void change(
      UserIds caller,
      ObjectHandle handle,
      AttributeChange change,
      Optional<FileTime> guard,
      WccData wcc)
      throws FilesException {
    MemoryObject object = find(handle);
    atomically(
        object,
        wcc,
        () -> {
          if (guard.isPresent() && !guard.get().equals(object.ctime)) {
            throw new FilesException(Nfs3Status.NFS3ERR_NOT_SYNC);
          }
          AttributeSetting.change(caller, object, change);
        });
  }

  @Override
  public synchronized FoundObject lookup(UserIds caller, ObjectHandle handle, byte[] name)
      throws FilesException {
    MemoryDirectory directory = findDirectory(handle);
    Names.check(name);
    Permissions.need(caller, directory, Permissions.EXECUTE);
    if (Names.isSelf(name)) {
      return directory.found();
    }
    if (Names.isParent(name)) {
      return above(directory).found();
    }
    MemoryDirectory.Entry entry = directory.get(name);
    if (entry == null) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOENT);
    }
    if (entry.object() instanceof MemoryDirectory found && found.mounted != null) {
      return found.mounted.root().found();
    }
    return entry.object().found();
  }

  private static MemoryDirectory above(MemoryDirectory directory) {
    MemoryDirectory mountPoint = directory.filesystem.mountPoint();
    return directory.isRoot() && mountPoint != null ? above(mountPoint) : directory.parent;
  }

  @Override
  public synchronized int access(UserIds caller, ObjectHandle object, int asked)
      throws FilesException {
    return Permissions.access(caller, find(object), asked);
  }

  @Override
  public synchronized byte[] readlink(UserIds caller, ObjectHandle handle) throws FilesException {
    if (!(find(handle) instanceof MemorySymlink symlink)) {
      throw new FilesException(Nfs3Status.NFS3ERR_INVAL);
    }
    symlink.wasRead();
    return symlink.target.clone();
  }

  @Override
  public synchronized ReadEnd read(
      UserIds caller, ObjectHandle handle, long offset, int count, ByteBuf into)
      throws FilesException {
    MemoryRegular file = needRegular(find(handle));
    Permissions.needRead(caller, file);
    boolean beyond = offset < 0 || offset >= file.size();
    if (!beyond) {
      file.bytes.read(offset, count, into);
    }
    file.wasRead();
    return new ReadEnd(beyond || count >= file.size() - offset, file.attributes());
  }

  @Override
  public synchronized StableHow write(
      UserIds caller,
      ObjectHandle handle,
      long offset,
      ByteBuf bytes,
      StableHow stable,
      WccData wcc)
      throws FilesException {
    MemoryRegular file = needRegular(find(handle));
    atomically(
        file,
        wcc,
        () -> {
          Permissions.needWrite(caller, file);
          int length = bytes.readableBytes();
          if (length == 0) {
            return;
          }
          if (offset < 0 || offset > MemoryFilesystem.FILE_BYTES_MAX - length) {
            throw new FilesException(Nfs3Status.NFS3ERR_FBIG);
          }
          file.filesystem.reserve(file.bytes.needed(offset, length));
          file.bytes.write(offset, bytes);
          AttributeSetting.dropSetIdsUnlessRoot(caller, file);
          file.contentsChanged();
        });
    return stable;
  }

  @Override
  public synchronized void commit(
      UserIds caller, ObjectHandle handle, long offset, int count, WccData wcc)
      throws FilesException {
    atomically(needRegular(find(handle)), wcc, () -> {});
  }

  @Override
  public long writeVerifier() {
    return writeVerifier;
  }

  @Override
  public synchronized FoundObject create(
      UserIds caller, ObjectHandle handle, byte[] name, CreateHow how, WccData wcc)
      throws FilesException {
    MemoryDirectory directory = findDirectory(handle);
    return atomicallyFound(directory, wcc, () -> create(caller, directory, name, how));
  }

  private static MemoryObject create(
      UserIds caller, MemoryDirectory directory, byte[] name, CreateHow how) throws FilesException {
    Names.checkNew(name, Nfs3Status.NFS3ERR_EXIST);
    Permissions.need(caller, directory, Permissions.EXECUTE);
    MemoryDirectory.Entry entry = directory.get(name);
    if (entry != null) {
      return existing(caller, entry.object(), how);
    }
    AttributeChange attributes = attributesOf(how);
    NameChanges.checkAdd(caller, directory, name);
    MemoryRegular file = new MemoryRegular(directory.filesystem);
    AttributeSetting.initialize(caller, directory, file, attributes);
    if (attributes.size().isPresent()) {
      AttributeSetting.resize(caller, file, attributes.size().getAsLong());
    }
    if (how instanceof CreateHow.Exclusive exclusive) {
      file.createVerifier = OptionalLong.of(exclusive.verifier());
    }
    NameChanges.addNew(directory, name, file);
    return file;
  }

  private static AttributeChange attributesOf(CreateHow how) {
    if (how instanceof CreateHow.Unchecked unchecked) {
      return unchecked.attributes();
    }
    return how instanceof CreateHow.Guarded guarded ? guarded.attributes() : AttributeChange.NONE;
  }

  private static MemoryObject existing(UserIds caller, MemoryObject object, CreateHow how)
      throws FilesException {
    if (object instanceof MemoryRegular file) {
      if (how instanceof CreateHow.Unchecked unchecked) {
        if (unchecked.attributes().size().isPresent()) {
          Permissions.needWrite(caller, file);
          AttributeSetting.resize(caller, file, unchecked.attributes().size().getAsLong());
        }
        return file;
      }
      if (how instanceof CreateHow.Exclusive exclusive
          && file.createVerifier.equals(OptionalLong.of(exclusive.verifier()))) {
        return file;
      }
    }
    throw new FilesException(Nfs3Status.NFS3ERR_EXIST);
  }

  @Override
  public synchronized FoundObject makeDirectory(
      UserIds caller, ObjectHandle handle, byte[] name, AttributeChange attributes, WccData wcc)
      throws FilesException {
    MemoryDirectory in = findDirectory(handle);
    return make(caller, in, name, attributes, wcc, () -> new MemoryDirectory(in.filesystem, in));
  }

  @Override
  public synchronized FoundObject makeSymlink(
      UserIds caller,
      ObjectHandle handle,
      byte[] name,
      byte[] target,
      AttributeChange attributes,
      WccData wcc)
      throws FilesException {
    MemoryDirectory in = findDirectory(handle);
    return make(
        caller,
        in,
        name,
        attributes,
        wcc,
        () -> {
          if (target.length == 0) {
            throw new FilesException(Nfs3Status.NFS3ERR_INVAL);
          }
          if (target.length > MemoryFilesystem.TARGET_BYTES_MAX) {
            throw new FilesException(Nfs3Status.NFS3ERR_NAMETOOLONG);
          }
          return new MemorySymlink(in.filesystem, target);
        });
  }

  @Override
  public synchronized FoundObject makeSpecial(
      UserIds caller,
      ObjectHandle handle,
      byte[] name,
      FileType type,
      Attributes.Device device,
      AttributeChange attributes,
      WccData wcc)
      throws FilesException {
    MemoryDirectory in = findDirectory(handle);
    return make(
        caller,
        in,
        name,
        attributes,
        wcc,
        () -> {
          if (!type.isDevice() && type != FileType.NF3SOCK && type != FileType.NF3FIFO) {
            throw new FilesException(Nfs3Status.NFS3ERR_BADTYPE);
          }
          if (type.isDevice() && !caller.isRoot()) {
            throw new FilesException(Nfs3Status.NFS3ERR_PERM);
          }
          return new MemorySpecial(in.filesystem, type, device);
        });
  }

  private FoundObject make(
      UserIds caller,
      MemoryDirectory directory,
      byte[] name,
      AttributeChange attributes,
      WccData wcc,
      Step<MemoryObject> making)
      throws FilesException {
    return atomicallyFound(
        directory,
        wcc,
        () -> {
          NameChanges.checkAdd(caller, directory, name);
          MemoryObject made = making.run();
          AttributeSetting.initialize(caller, directory, made, attributes);
          NameChanges.addNew(directory, name, made);
          return made;
        });
  }

  @Override
  public synchronized void remove(UserIds caller, ObjectHandle handle, byte[] name, WccData wcc)
      throws FilesException {
    MemoryDirectory directory = findDirectory(handle);
    atomically(directory, wcc, () -> NameChanges.remove(caller, directory, name));
  }

  @Override
  public synchronized void removeDirectory(
      UserIds caller, ObjectHandle handle, byte[] name, WccData wcc) throws FilesException {
    MemoryDirectory directory = findDirectory(handle);
    atomically(directory, wcc, () -> NameChanges.removeDirectory(caller, directory, name));
  }

  @Override
  public synchronized void rename(
      UserIds caller,
      ObjectHandle fromHandle,
      byte[] fromName,
      ObjectHandle toHandle,
      byte[] toName,
      WccData fromWcc,
      WccData toWcc)
      throws FilesException {
    MemoryDirectory from = findDirectory(fromHandle);
    MemoryDirectory to = findDirectory(toHandle);
    atomically(
        from,
        fromWcc,
        () -> atomically(to, toWcc, () -> NameChanges.rename(caller, from, fromName, to, toName)));
  }

  @Override
  public synchronized Attributes link(
      UserIds caller, ObjectHandle objectHandle, ObjectHandle handle, byte[] name, WccData wcc)
      throws FilesException {
    MemoryObject object = find(objectHandle);
    MemoryDirectory directory = findDirectory(handle);
    atomically(directory, wcc, () -> NameChanges.link(caller, object, directory, name));
    return object.attributes();
  }

  @Override
  public synchronized DirectoryEntry.Listing list(
      UserIds caller,
      ObjectHandle handle,
      long cookie,
      long verifier,
      boolean withObjects,
      DirectoryEntry.Sink entries)
      throws FilesException {
    MemoryDirectory directory = findDirectory(handle);
    Permissions.need(caller, directory, Permissions.READ);
    if (cookie < 0 || cookie != 0 && verifier != writeVerifier) {
      throw new FilesException(Nfs3Status.NFS3ERR_BAD_COOKIE);
    }
    boolean lookup = withObjects && Permissions.allows(caller, directory, Permissions.EXECUTE);
    boolean end = MemoryListing.offer(directory, above(directory), cookie, lookup, entries);
    directory.wasRead();
    return new DirectoryEntry.Listing(directory.attributes(), writeVerifier, end);
  }

  @Override
  public synchronized FilesystemSpace space(UserIds caller, ObjectHandle object)
      throws FilesException {
    return find(object).filesystem.space();
  }

  @Override
  public synchronized FilesystemLimits limits(ObjectHandle object) throws FilesException {
    find(object);
    return MemoryFilesystem.LIMITS;
  }

  private MemoryObject find(ObjectHandle handle) throws FilesException {
    if (handle == ObjectHandle.NOT_OURS) {
      throw new FilesException(Nfs3Status.NFS3ERR_BADHANDLE);
    }
    MemoryFilesystem filesystem = filesystems.get(handle.filesystem());
    if (filesystem == null) {
      throw new FilesException(Nfs3Status.NFS3ERR_STALE);
    }
    return filesystem.find(handle);
  }

  private MemoryDirectory findDirectory(ObjectHandle handle) throws FilesException {
    return directory(find(handle));
  }

  private static MemoryDirectory directory(MemoryObject object) throws FilesException {
    if (!(object instanceof MemoryDirectory directory)) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOTDIR);
    }
    return directory;
  }

  static MemoryRegular needRegular(MemoryObject object) throws FilesException {
    if (object instanceof MemoryRegular file) {
      return file;
    }
    throw new FilesException(
        object instanceof MemoryDirectory ? Nfs3Status.NFS3ERR_ISDIR : Nfs3Status.NFS3ERR_INVAL);
  }

  @FunctionalInterface
  private interface Change {
    void run() throws FilesException;
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws FilesException;
  }

  private static void atomically(MemoryObject object, WccData wcc, Change change)
      throws FilesException {
    wcc.before(object.attributes());
    try {
      change.run();
    } finally {
      wcc.after(object.attributes());
    }
  }

  private static FoundObject atomicallyFound(
      MemoryDirectory directory, WccData wcc, Step<MemoryObject> step) throws FilesException {
    MemoryObject[] made = new MemoryObject[1];
    atomically(directory, wcc, () -> made[0] = step.run());
    return made[0].found();
  }
}
