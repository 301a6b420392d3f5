package org.nfsproxy.backend.coordinated.nfs4j.operations;

import org.dcache.nfs.vfs.FileHandle;
import org.dcache.nfs.vfs.Inode;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** A filehandle that is on the wire what it is in NFSv3, without nfs4j's own header. */
// nfs4j makes handles from bytes in PUTFH only, which is ours. What it keeps (opens, locks) it
// finds by these bytes.
final class WireHandle extends FileHandle {
  private WireHandle(byte[] wire) {
    super(0, 0, 0, wire);
  }

  static Inode inode(byte[] wire) {
    return new Inode(new WireHandle(wire));
  }

  static Inode inode(ObjectHandle handle) {
    return inode(handle.wire());
  }

  static ObjectHandle read(Inode inode) {
    return ObjectHandle.read(inode.getFileId());
  }

  @Override
  public byte[] bytes() {
    return getFsOpaque();
  }
}
