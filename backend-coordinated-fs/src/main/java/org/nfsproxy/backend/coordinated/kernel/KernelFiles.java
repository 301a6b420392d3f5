package org.nfsproxy.backend.coordinated.kernel;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.coordinated.agreement.Agreement;
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
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;

/**
 * Filesystems that are mounted on this machine, by the kernel's handles.
 *
 * <p>Threads that call this become threads for file work, for good ({@code FileThread}): they
 * should do nothing else.
 */
// Attributes before an operation are never told: another machine, or a program on this one, may
// have come between, and no call of Linux tells.
public final class KernelFiles implements Files, AutoCloseable {
  private final Members members;
  private final OpenFiles openFiles;
  private final AttributeWork attributes;
  private final NameWork names;
  private final CreationWork creation;
  private final ContentWork contents;
  private final ListingWork listing;

  /**
   * Over filesystems that are open.
   *
   * @param opened the filesystems; now this object's
   * @param settings bounds
   */
  KernelFiles(List<Member> opened, KernelSettings settings) {
    openFiles = new OpenFiles(settings.openFilesMax(), this::lost);
    members = new Members(opened, openFiles);
    Durability durability = new Durability(settings.sync());
    attributes = new AttributeWork(members, durability);
    names = new NameWork(members, durability);
    creation = new CreationWork(members, durability);
    contents = new ContentWork(members);
    listing = new ListingWork(members);
  }

  /**
   * Opens filesystems. Blocks; to be called on a thread that does no file work.
   *
   * @param settings which
   * @return files over them, to be closed by the caller
   * @throws UnsuitableException why one of them cannot be served, and the cure
   */
  public static KernelFiles open(KernelSettings settings) throws UnsuitableException {
    return new KernelFiles(MemberOpening.open(settings.filesystems()), settings);
  }

  /**
   * What is served.
   *
   * @return one line for each filesystem
   */
  public List<Notice> notices() {
    return members.outerFirst().stream()
        .map(
            member ->
                new Notice(
                    false,
                    "serves %s (%s) as filesystem %d"
                        .formatted(member.path(), member.filesystem().kind(), member.id())))
        .toList();
  }

  /**
   * How many filesystems there are, and how many of them are not served because other instances
   * have others under their ids.
   *
   * @return {@code filesystems} and {@code filesystemsDisputed}
   */
  public Map<String, Long> counts() {
    List<Member> all = members.outerFirst();
    long disputed = all.stream().filter(Member::isDisputed).count();
    return Map.of("filesystems", (long) all.size(), "filesystemsDisputed", disputed);
  }

  /**
   * Serves only what the other instances have too, from now on.
   *
   * @param fleet the instances
   */
  public void join(Fleet fleet) {
    for (Member member : members.outerFirst()) {
      Agreement.over(fleet, member.id(), member.evidence(), member::dispute);
    }
  }

  private void lost() {
    contents.lost();
  }

  /**
   * Closes what nobody used for some time. Blocks.
   *
   * @param nanos for how long
   */
  public void closeUnused(long nanos) {
    openFiles.closeUnused(nanos);
  }

  /** Closes everything. Nothing may be in progress. Blocks. */
  @Override
  public void close() {
    members.close();
  }

  @Override
  public List<ExportedTree> exports() {
    return members.outerFirst().stream()
        .filter(member -> !member.isDisputed())
        .map(member -> new ExportedTree(member.path(), member.root()))
        .toList();
  }

  @Override
  public Attributes attributes(ObjectHandle object) throws FilesException {
    return attributes.attributes(object);
  }

  @Override
  public void change(
      UserIds caller,
      ObjectHandle object,
      AttributeChange change,
      Optional<FileTime> guard,
      WccData wcc)
      throws FilesException {
    attributes.change(caller, object, change, guard, wcc);
  }

  @Override
  public FoundObject lookup(UserIds caller, ObjectHandle directory, byte[] name)
      throws FilesException {
    return names.lookup(caller, directory, name);
  }

  @Override
  public int access(UserIds caller, ObjectHandle object, int asked) throws FilesException {
    return attributes.access(caller, object, asked);
  }

  @Override
  public byte[] readlink(UserIds caller, ObjectHandle symlink) throws FilesException {
    return attributes.readlink(symlink);
  }

  @Override
  public ReadEnd read(UserIds caller, ObjectHandle file, long offset, int count, ByteBuf into)
      throws FilesException {
    return contents.read(caller, file, offset, count, into);
  }

  @Override
  public StableHow write(
      UserIds caller, ObjectHandle file, long offset, ByteBuf bytes, StableHow stable, WccData wcc)
      throws FilesException {
    return contents.write(caller, file, offset, bytes, stable, wcc);
  }

  @Override
  public void commit(UserIds caller, ObjectHandle file, long offset, int count, WccData wcc)
      throws FilesException {
    contents.commit(caller, file, wcc);
  }

  @Override
  public long writeVerifier() {
    return contents.verifier();
  }

  @Override
  public FoundObject create(
      UserIds caller, ObjectHandle directory, byte[] name, CreateHow how, WccData wcc)
      throws FilesException {
    return creation.create(caller, directory, name, how, wcc);
  }

  @Override
  public FoundObject makeDirectory(
      UserIds caller, ObjectHandle directory, byte[] name, AttributeChange wanted, WccData wcc)
      throws FilesException {
    return creation.makeDirectory(caller, directory, name, wanted, wcc);
  }

  @Override
  public FoundObject makeSymlink(
      UserIds caller,
      ObjectHandle directory,
      byte[] name,
      byte[] target,
      AttributeChange wanted,
      WccData wcc)
      throws FilesException {
    return creation.makeSymlink(caller, directory, name, target, wanted, wcc);
  }

  @Override
  public FoundObject makeSpecial(
      UserIds caller,
      ObjectHandle directory,
      byte[] name,
      FileType type,
      Attributes.Device device,
      AttributeChange wanted,
      WccData wcc)
      throws FilesException {
    return creation.makeSpecial(caller, directory, name, type, device, wanted, wcc);
  }

  @Override
  public void remove(UserIds caller, ObjectHandle directory, byte[] name, WccData wcc)
      throws FilesException {
    names.remove(caller, directory, name, wcc);
  }

  @Override
  public void removeDirectory(UserIds caller, ObjectHandle directory, byte[] name, WccData wcc)
      throws FilesException {
    names.removeDirectory(caller, directory, name, wcc);
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
    names.rename(caller, from, fromName, to, toName, fromWcc, toWcc);
  }

  @Override
  public Attributes link(
      UserIds caller, ObjectHandle object, ObjectHandle directory, byte[] name, WccData wcc)
      throws FilesException {
    return names.link(caller, object, directory, name, wcc);
  }

  @Override
  public DirectoryEntry.Listing list(
      UserIds caller,
      ObjectHandle directory,
      long cookie,
      long verifier,
      boolean withObjects,
      DirectoryEntry.Sink entries)
      throws FilesException {
    return listing.list(caller, directory, cookie, verifier, withObjects, entries);
  }

  @Override
  public FilesystemSpace space(UserIds caller, ObjectHandle object) throws FilesException {
    return attributes.space(object);
  }

  @Override
  public FilesystemLimits limits(ObjectHandle object) throws FilesException {
    return attributes.limits(object);
  }
}
