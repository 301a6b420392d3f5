package org.nfsproxy.backend.coordinated.namespace;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.AccessBits;
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
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;

/**
 * Files with one root above all exports, as NFSv4 wants them (RFC 8881 section 7.3): the
 * directories between {@code /} and the exports can be looked up, listed, and not changed. An
 * export's {@code ..} leads there.
 */
// If an export's path is "/", it is the root itself and nothing is added.
public final class RootedFiles implements Files {
  private static final byte[] SELF = {'.'};
  private static final byte[] PARENT = {'.', '.'};

  private final Files files;

  private RootedFiles(Files files) {
    this.files = files;
  }

  /**
   * Adds the directories above exports.
   *
   * @param files what lies below them
   * @return the same filesystems, with a root
   */
  public static RootedFiles over(Files files) {
    return new RootedFiles(files);
  }

  /**
   * The uppermost directory.
   *
   * @return PUTROOTFH's
   */
  public ObjectHandle root() {
    return files.exports().stream()
        .filter(export -> export.path().equals("/"))
        .findAny()
        .map(ExportedTree::root)
        .orElseGet(() -> tree().root().handle());
  }

  /**
   * The object at a path from the root on, as root looks it up.
   *
   * @param path absolute; {@code /} is the root
   * @return the object
   * @throws FilesException why not
   */
  public ObjectHandle find(byte[] path) throws FilesException {
    ObjectHandle at = root();
    for (String name : new String(path, StandardCharsets.ISO_8859_1).split("/")) {
      if (!name.isEmpty()) {
        at = lookup(UserIds.ROOT, at, name.getBytes(StandardCharsets.ISO_8859_1)).handle();
      }
    }
    return at;
  }

  private PathTree tree() {
    return new PathTree(
        files.exports().stream().anyMatch(export -> export.path().equals("/"))
            ? List.of()
            : files.exports());
  }

  private Optional<PathDirectory> above(ObjectHandle handle) {
    return PathDirectory.number(handle).isPresent() ? tree().find(handle) : Optional.empty();
  }

  /** Nothing above the exports can be changed. */
  private Files changing(ObjectHandle object) throws FilesException {
    if (above(object).isPresent()) {
      throw new FilesException(Nfs3Status.NFS3ERR_ROFS);
    }
    return files;
  }

  /** A directory is no file. */
  private Files contents(ObjectHandle object, Nfs3Status ifDirectory) throws FilesException {
    if (above(object).isPresent()) {
      throw new FilesException(ifDirectory);
    }
    return files;
  }

  @Override
  public List<ExportedTree> exports() {
    return files.exports();
  }

  @Override
  public Attributes attributes(ObjectHandle object) throws FilesException {
    Optional<PathDirectory> directory = above(object);
    return directory.isPresent() ? directory.get().attributes() : files.attributes(object);
  }

  @Override
  public FoundObject lookup(UserIds caller, ObjectHandle handle, byte[] name)
      throws FilesException {
    Optional<PathDirectory> directory = above(handle);
    if (directory.isPresent()) {
      return lookup(directory.get(), name);
    }
    FoundObject found = files.lookup(caller, handle, name);
    boolean isItsOwnParent =
        Arrays.equals(name, PARENT) && Arrays.equals(found.handle().wire(), handle.wire());
    return isItsOwnParent ? tree().above(handle).map(PathDirectory::found).orElse(found) : found;
  }

  private FoundObject lookup(PathDirectory directory, byte[] name) throws FilesException {
    if (Arrays.equals(name, SELF)) {
      return directory.found();
    }
    if (Arrays.equals(name, PARENT)) {
      return directory.parent().found();
    }
    String text = new String(name, StandardCharsets.UTF_8);
    if (directory.directories.containsKey(text)) {
      return directory.directories.get(text).found();
    }
    if (!directory.exports.containsKey(text)) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOENT);
    }
    ObjectHandle root = directory.exports.get(text).root();
    return new FoundObject(root, files.attributes(root));
  }

  @Override
  public int access(UserIds caller, ObjectHandle object, int asked) throws FilesException {
    return above(object).isPresent()
        ? asked & (AccessBits.READ | AccessBits.LOOKUP)
        : files.access(caller, object, asked);
  }

  @Override
  public DirectoryEntry.Listing list(
      UserIds caller,
      ObjectHandle handle,
      long cookie,
      long verifier,
      boolean withObjects,
      DirectoryEntry.Sink entries)
      throws FilesException {
    Optional<PathDirectory> directory = above(handle);
    return directory.isPresent()
        ? list(directory.get(), cookie, entries)
        : files.list(caller, handle, cookie, verifier, withObjects, entries);
  }

  // A cookie is the place in the sorted list. An entry more may shift it; entries of these
  // directories change only with the configuration.
  private static DirectoryEntry.Listing list(
      PathDirectory directory, long cookie, DirectoryEntry.Sink entries) {
    List<DirectoryEntry> all = new ArrayList<>();
    directory.directories.forEach(
        (name, below) ->
            all.add(
                new DirectoryEntry(
                    below.number(), bytes(name), all.size() + 1L, Optional.of(below.found()))));
    directory.exports.forEach(
        (name, export) ->
            all.add(
                new DirectoryEntry(
                    directory.numberOf(name), bytes(name), all.size() + 1L, Optional.empty())));
    for (DirectoryEntry entry : all) {
      if (entry.cookie() > cookie && !entries.offer(entry)) {
        return new DirectoryEntry.Listing(directory.attributes(), 0, false);
      }
    }
    return new DirectoryEntry.Listing(directory.attributes(), 0, true);
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public FilesystemSpace space(UserIds caller, ObjectHandle object) throws FilesException {
    return above(object).isPresent()
        ? new FilesystemSpace(0, 0, 0, 0, 0, 0, 0)
        : files.space(caller, object);
  }

  @Override
  public FilesystemLimits limits(ObjectHandle object) throws FilesException {
    return above(object).isPresent()
        ? new FilesystemLimits(
            Long.MAX_VALUE,
            new FileTime(0, 1),
            FilesystemLimits.FSF3_HOMOGENEOUS,
            1,
            255,
            true,
            true,
            false,
            true)
        : files.limits(object);
  }

  @Override
  public void change(
      UserIds caller,
      ObjectHandle object,
      AttributeChange change,
      Optional<FileTime> guard,
      WccData wcc)
      throws FilesException {
    changing(object).change(caller, object, change, guard, wcc);
  }

  @Override
  public byte[] readlink(UserIds caller, ObjectHandle symlink) throws FilesException {
    return contents(symlink, Nfs3Status.NFS3ERR_INVAL).readlink(caller, symlink);
  }

  @Override
  public ReadEnd read(UserIds caller, ObjectHandle file, long offset, int count, ByteBuf into)
      throws FilesException {
    return contents(file, Nfs3Status.NFS3ERR_ISDIR).read(caller, file, offset, count, into);
  }

  @Override
  public StableHow write(
      UserIds caller, ObjectHandle file, long offset, ByteBuf bytes, StableHow stable, WccData wcc)
      throws FilesException {
    return contents(file, Nfs3Status.NFS3ERR_ISDIR).write(caller, file, offset, bytes, stable, wcc);
  }

  @Override
  public void commit(UserIds caller, ObjectHandle file, long offset, int count, WccData wcc)
      throws FilesException {
    contents(file, Nfs3Status.NFS3ERR_ISDIR).commit(caller, file, offset, count, wcc);
  }

  @Override
  public long writeVerifier() {
    return files.writeVerifier();
  }

  @Override
  public FoundObject create(
      UserIds caller, ObjectHandle directory, byte[] name, CreateHow how, WccData wcc)
      throws FilesException {
    return changing(directory).create(caller, directory, name, how, wcc);
  }

  @Override
  public FoundObject makeDirectory(
      UserIds caller, ObjectHandle directory, byte[] name, AttributeChange attributes, WccData wcc)
      throws FilesException {
    return changing(directory).makeDirectory(caller, directory, name, attributes, wcc);
  }

  @Override
  public FoundObject makeSymlink(
      UserIds caller,
      ObjectHandle directory,
      byte[] name,
      byte[] target,
      AttributeChange attributes,
      WccData wcc)
      throws FilesException {
    return changing(directory).makeSymlink(caller, directory, name, target, attributes, wcc);
  }

  @Override
  public FoundObject makeSpecial(
      UserIds caller,
      ObjectHandle directory,
      byte[] name,
      FileType type,
      Attributes.Device device,
      AttributeChange attributes,
      WccData wcc)
      throws FilesException {
    return changing(directory).makeSpecial(caller, directory, name, type, device, attributes, wcc);
  }

  @Override
  public void remove(UserIds caller, ObjectHandle directory, byte[] name, WccData wcc)
      throws FilesException {
    changing(directory).remove(caller, directory, name, wcc);
  }

  @Override
  public void removeDirectory(UserIds caller, ObjectHandle directory, byte[] name, WccData wcc)
      throws FilesException {
    changing(directory).removeDirectory(caller, directory, name, wcc);
  }

  @Override
  public void rename(
      UserIds caller,
      ObjectHandle from,
      byte[] fromName,
      ObjectHandle to,
      byte[] toName,
      WccData fromWcc,
      WccData toWcc)
      throws FilesException {
    changing(from);
    changing(to).rename(caller, from, fromName, to, toName, fromWcc, toWcc);
  }

  @Override
  public Attributes link(
      UserIds caller, ObjectHandle object, ObjectHandle directory, byte[] name, WccData wcc)
      throws FilesException {
    return changing(directory).link(caller, object, directory, name, wcc);
  }
}
