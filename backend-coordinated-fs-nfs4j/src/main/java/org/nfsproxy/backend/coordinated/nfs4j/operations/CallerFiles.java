package org.nfsproxy.backend.coordinated.nfs4j.operations;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.security.auth.Subject;
import org.dcache.nfs.ChimeraNFSException;
import org.dcache.nfs.status.NotSuppException;
import org.dcache.nfs.v4.NfsIdMapping;
import org.dcache.nfs.v4.SimpleIdMap;
import org.dcache.nfs.v4.xdr.nfsace4;
import org.dcache.nfs.vfs.AclCheckable;
import org.dcache.nfs.vfs.DirectoryStream;
import org.dcache.nfs.vfs.FsStat;
import org.dcache.nfs.vfs.Inode;
import org.dcache.nfs.vfs.Stat;
import org.dcache.nfs.vfs.VirtualFileSystem;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.backend.coordinated.namespace.RootedFiles;

/**
 * Files as nfs4j's operations see them, for one COMPOUND: its caller's permissions are checked by
 * the files with each operation.
 */
// nfs4j puts a pseudo filesystem of its own before a VirtualFileSystem, which guesses permissions
// from mode bits and rewrites filehandles. This takes its place. What only our own operations need
// (attributes, entries, listings, creation) they ask of the files directly; here it is not
// supported.
public final class CallerFiles implements VirtualFileSystem {
  private static final byte[] PARENT = {'.', '.'};

  final RootedFiles files;
  final UserIds caller;

  /** What may be opened whatever its mode: what this COMPOUND has made, or its client had open. */
  private Inode held;

  /**
   * Files for a caller.
   *
   * @param files what is served
   * @param caller as whom
   */
  public CallerFiles(RootedFiles files, UserIds caller) {
    this.files = files;
    this.caller = caller;
  }

  void held(Inode file) {
    held = file;
  }

  @Override
  public int access(Subject subject, Inode inode, int mode) throws ChimeraNFSException {
    return inode.equals(held)
        ? mode
        : Answers.of(() -> files.access(caller, WireHandle.read(inode), mode));
  }

  @Override
  public Stat getattr(Inode inode) throws ChimeraNFSException {
    return stat(Answers.of(() -> files.attributes(WireHandle.read(inode))));
  }

  /** What nfs4j's operations look at: the type, the size and the change. */
  private static Stat stat(Attributes attributes) {
    Stat stat = new Stat();
    stat.setMode(type(attributes.type()).toMode() | attributes.mode());
    stat.setSize(attributes.size());
    stat.setGeneration(change(attributes));
    return stat;
  }

  private static Stat.Type type(FileType type) {
    return switch (type) {
      case NF3REG -> Stat.Type.REGULAR;
      case NF3DIR -> Stat.Type.DIRECTORY;
      case NF3BLK -> Stat.Type.BLOCK;
      case NF3CHR -> Stat.Type.CHAR;
      case NF3LNK -> Stat.Type.SYMLINK;
      case NF3SOCK -> Stat.Type.SOCK;
      case NF3FIFO -> Stat.Type.FIFO;
    };
  }

  /** The change attribute: the ctime, all of it. */
  static long change(Attributes attributes) {
    FileTime ctime = attributes.ctime();
    return (ctime.seconds() & 0xffff_ffffL) << 32 | ctime.nanos();
  }

  long change(Inode inode) throws ChimeraNFSException {
    return change(Answers.of(() -> files.attributes(WireHandle.read(inode))));
  }

  @Override
  public Inode getRootInode() {
    return WireHandle.inode(files.root());
  }

  /** For SECINFO alone. */
  @Override
  public Inode lookup(Inode parent, String name) throws ChimeraNFSException {
    return lookup(parent, name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Inode parentOf(Inode inode) throws ChimeraNFSException {
    return lookup(inode, PARENT.clone());
  }

  Inode lookup(Inode directory, byte[] name) throws ChimeraNFSException {
    return WireHandle.inode(
        Answers.of(() -> files.lookup(caller, WireHandle.read(directory), name)).handle());
  }

  @Override
  public int read(Inode inode, ByteBuffer data, long offset) throws ChimeraNFSException {
    ByteBuf into = Unpooled.wrappedBuffer(data).clear();
    Answers.of(() -> files.read(caller, WireHandle.read(inode), offset, into.capacity(), into));
    data.position(data.position() + into.readableBytes());
    return into.readableBytes();
  }

  @Override
  public WriteResult write(Inode inode, ByteBuffer data, long offset, StabilityLevel how)
      throws ChimeraNFSException {
    ByteBuf bytes = Unpooled.wrappedBuffer(data);
    int length = bytes.readableBytes();
    StableHow stable =
        Answers.of(
            () ->
                files.write(
                    caller,
                    WireHandle.read(inode),
                    offset,
                    bytes,
                    StableHow.values()[how.ordinal()],
                    new WccData()));
    return new WriteResult(StabilityLevel.values()[stable.ordinal()], length);
  }

  @Override
  public void commit(Inode inode, long offset, int count) throws ChimeraNFSException {
    Answers.of(() -> files.commit(caller, WireHandle.read(inode), offset, count, new WccData()));
  }

  @Override
  public String readlink(Inode inode) throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public NfsIdMapping getIdMapper() {
    return new SimpleIdMap();
  }

  @Override
  public AclCheckable getAclCheckable() {
    return AclCheckable.UNDEFINED_ALL;
  }

  @Override
  public boolean getCaseInsensitive() {
    return false;
  }

  @Override
  public boolean getCasePreserving() {
    return true;
  }

  @Override
  public boolean hasIOLayout(Inode inode) {
    return false;
  }

  @Override
  public nfsace4[] getAcl(Inode inode) throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public void setAcl(Inode inode, nfsace4[] acl) throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public Inode create(Inode parent, Stat.Type type, String name, Subject subject, int mode)
      throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public Inode mkdir(Inode parent, String name, Subject subject, int mode)
      throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public Inode symlink(Inode parent, String name, String target, Subject subject, int mode)
      throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public Inode link(Inode parent, Inode link, String name, Subject subject)
      throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public boolean move(Inode from, String oldName, Inode to, String newName)
      throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public void remove(Inode parent, String name) throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public FsStat getFsStat() throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public DirectoryStream list(Inode inode, byte[] verifier, long cookie)
      throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public byte[] directoryVerifier(Inode inode) throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Override
  public void setattr(Inode inode, Stat stat) throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Deprecated
  @Override
  public int read(Inode inode, byte[] data, long offset, int count) throws ChimeraNFSException {
    throw new NotSuppException();
  }

  @Deprecated
  @Override
  public WriteResult write(Inode inode, byte[] data, long offset, int count, StabilityLevel how)
      throws ChimeraNFSException {
    return write(inode, ByteBuffer.wrap(Arrays.copyOf(data, count)), offset, how);
  }
}
