package org.nfsproxy.backend.coordinated.files;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;

/**
 * Filesystems by handle, as NFSv3 sees them: what the engine needs of whatever holds the files.
 *
 * <p>Each operation is done as a caller, whose permissions are checked here: the engine checks
 * none. Names are bytes. The names {@code .} and {@code ..} have their usual meaning in {@link
 * #lookup}; {@code ..} of a filesystem's root is the directory above its mount point, {@code ..} of
 * the uppermost root is itself: nothing outside the filesystems can be reached. A name where
 * another filesystem is mounted is looked up as that filesystem's root, so the fsid changes on the
 * way.
 *
 * <p>A handle that cannot be decoded fails with BADHANDLE, one whose object is gone with STALE. The
 * owner of a file may read and write it whatever its mode (RFC 1813 section 4.4): NFS has no open
 * files, and a program that was allowed to open one goes on using it.
 *
 * <p>Safe for use by several threads. Operations may block.
 */
public interface Files {
  /**
   * What can be mounted.
   *
   * @return each filesystem's root, an outer one before those mounted in it
   */
  List<ExportedTree> exports();

  /**
   * GETATTR.
   *
   * @param object any object
   * @return its attributes
   * @throws FilesException why not
   */
  Attributes attributes(ObjectHandle object) throws FilesException;

  /**
   * SETATTR: all or nothing.
   *
   * @param caller as whom
   * @param object any object
   * @param change what to set
   * @param guard if present, the ctime that the object must have; else NOT_SYNC
   * @param wcc of the object
   * @throws FilesException why not
   */
  void change(
      UserIds caller,
      ObjectHandle object,
      AttributeChange change,
      Optional<FileTime> guard,
      WccData wcc)
      throws FilesException;

  /**
   * LOOKUP.
   *
   * @param caller as whom
   * @param directory where
   * @param name of what
   * @return the object
   * @throws FilesException why not
   */
  FoundObject lookup(UserIds caller, ObjectHandle directory, byte[] name) throws FilesException;

  /**
   * ACCESS.
   *
   * @param caller as whom
   * @param object any object
   * @param asked bits of {@link AccessBits}
   * @return those of them that are allowed, without those that do not apply to the object's type
   * @throws FilesException why not
   */
  int access(UserIds caller, ObjectHandle object, int asked) throws FilesException;

  /**
   * READLINK.
   *
   * @param caller as whom
   * @param symlink a symbolic link
   * @return its target, uninterpreted
   * @throws FilesException why not; INVAL if it is no symbolic link
   */
  byte[] readlink(UserIds caller, ObjectHandle symlink) throws FilesException;

  /**
   * READ.
   *
   * @param caller as whom
   * @param file a regular file
   * @param offset of the first byte, unsigned; beyond the end nothing is read
   * @param count most bytes to read
   * @param into the bytes are written at its writer index; room is made for as many as there are
   * @return how it ended
   * @throws FilesException why not; ISDIR or INVAL if it is no regular file
   */
  ReadEnd read(UserIds caller, ObjectHandle file, long offset, int count, ByteBuf into)
      throws FilesException;

  /**
   * How a READ ended.
   *
   * @param end whether the byte behind the last one read is behind the file's end
   * @param attributes the file's
   */
  record ReadEnd(boolean end, Attributes attributes) {}

  /**
   * WRITE.
   *
   * @param caller as whom
   * @param file a regular file
   * @param offset of the first byte, unsigned
   * @param bytes all its readable bytes are written
   * @param stable how durable it must be when this returns
   * @param wcc of the file
   * @return how durable it is; at least what was asked for
   * @throws FilesException why not; then nothing was written
   */
  StableHow write(
      UserIds caller, ObjectHandle file, long offset, ByteBuf bytes, StableHow stable, WccData wcc)
      throws FilesException;

  /**
   * COMMIT.
   *
   * @param caller as whom
   * @param file a regular file
   * @param offset of the first byte to be durable, unsigned
   * @param count how many; 0 for all to the end, unsigned
   * @param wcc of the file
   * @throws FilesException why not
   */
  void commit(UserIds caller, ObjectHandle file, long offset, int count, WccData wcc)
      throws FilesException;

  /**
   * Tells one life of this server's unwritten bytes from the next: if it is another at COMMIT than
   * it was at WRITE, the client writes again (RFC 1813 section 3.3.21).
   *
   * @return changes whenever bytes that were not durable may have been lost
   */
  long writeVerifier();

  /**
   * CREATE.
   *
   * @param caller as whom; the owner, unless it is root and says otherwise
   * @param directory where
   * @param name of the file
   * @param how what to do about an object that exists. Without a mode, the file has mode 0
   * @param wcc of the directory
   * @return the file
   * @throws FilesException why not
   */
  FoundObject create(
      UserIds caller, ObjectHandle directory, byte[] name, CreateHow how, WccData wcc)
      throws FilesException;

  /**
   * MKDIR.
   *
   * @param caller as whom; the owner, unless it is root and says otherwise
   * @param directory where
   * @param name of the new directory
   * @param attributes of the new directory
   * @param wcc of the directory above
   * @return the new directory
   * @throws FilesException why not
   */
  FoundObject makeDirectory(
      UserIds caller, ObjectHandle directory, byte[] name, AttributeChange attributes, WccData wcc)
      throws FilesException;

  /**
   * SYMLINK.
   *
   * @param caller as whom; the owner, unless it is root and says otherwise
   * @param directory where
   * @param name of the link
   * @param target what it leads to, uninterpreted
   * @param attributes of the link; its mode is ignored
   * @param wcc of the directory
   * @return the link
   * @throws FilesException why not
   */
  FoundObject makeSymlink(
      UserIds caller,
      ObjectHandle directory,
      byte[] name,
      byte[] target,
      AttributeChange attributes,
      WccData wcc)
      throws FilesException;

  /**
   * MKNOD.
   *
   * @param caller as whom; the owner, unless it is root and says otherwise
   * @param directory where
   * @param name of the object
   * @param type a device, a socket or a named pipe; else BADTYPE
   * @param device numbers of a device
   * @param attributes of the object
   * @param wcc of the directory
   * @return the object
   * @throws FilesException why not; PERM if devices are not for this caller
   */
  FoundObject makeSpecial(
      UserIds caller,
      ObjectHandle directory,
      byte[] name,
      FileType type,
      Attributes.Device device,
      AttributeChange attributes,
      WccData wcc)
      throws FilesException;

  /**
   * REMOVE.
   *
   * @param caller as whom
   * @param directory where
   * @param name of anything but a directory
   * @param wcc of the directory
   * @throws FilesException why not
   */
  void remove(UserIds caller, ObjectHandle directory, byte[] name, WccData wcc)
      throws FilesException;

  /**
   * RMDIR.
   *
   * @param caller as whom
   * @param directory where
   * @param name of an empty directory
   * @param wcc of the directory above
   * @throws FilesException why not
   */
  void removeDirectory(UserIds caller, ObjectHandle directory, byte[] name, WccData wcc)
      throws FilesException;

  /**
   * RENAME: atomic, within one filesystem.
   *
   * @param caller as whom
   * @param from the directory it leaves
   * @param fromName its name there
   * @param to the directory it goes to
   * @param toName its name there; what had it is removed, if it is compatible
   * @param fromWcc of the directory it leaves
   * @param toWcc of the directory it goes to
   * @throws FilesException why not
   */
  void rename(
      UserIds caller,
      ObjectHandle from,
      byte[] fromName,
      ObjectHandle to,
      byte[] toName,
      WccData fromWcc,
      WccData toWcc)
      throws FilesException;

  /**
   * LINK.
   *
   * @param caller as whom
   * @param object anything but a directory
   * @param directory where its new name goes
   * @param name the new name
   * @param wcc of the directory
   * @return the object's attributes
   * @throws FilesException why not
   */
  Attributes link(
      UserIds caller, ObjectHandle object, ObjectHandle directory, byte[] name, WccData wcc)
      throws FilesException;

  /**
   * READDIR and READDIRPLUS. An entry that is there all the time is listed exactly once, whatever
   * happens to others meanwhile.
   *
   * @param caller as whom
   * @param directory where
   * @param cookie 0, or of the last entry that was taken
   * @param verifier with a cookie that is not 0, the one that came with it; else BAD_COOKIE
   * @param withObjects whether entries come with their objects
   * @param entries takes them
   * @return how it ended
   * @throws FilesException why not
   */
  DirectoryEntry.Listing list(
      UserIds caller,
      ObjectHandle directory,
      long cookie,
      long verifier,
      boolean withObjects,
      DirectoryEntry.Sink entries)
      throws FilesException;

  /**
   * FSSTAT.
   *
   * @param caller as whom
   * @param object any object of the filesystem
   * @return how full it is
   * @throws FilesException why not
   */
  FilesystemSpace space(UserIds caller, ObjectHandle object) throws FilesException;

  /**
   * FSINFO and PATHCONF.
   *
   * @param object any object of the filesystem
   * @return what it can hold
   * @throws FilesException why not
   */
  FilesystemLimits limits(ObjectHandle object) throws FilesException;
}
