package org.nfsproxy.backend.coordinated.nfs3;

import java.util.List;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure;
import org.nfsproxy.backend.coordinated.engine.Program;
import org.nfsproxy.backend.coordinated.files.Files;

/** NFS version 3, RFC 1813. */
public final class Nfs3Program {
  /** The program's number, of all versions. */
  public static final int PROGRAM = 100003;

  /** This version. */
  public static final int VERSION = 3;

  /** Most bytes of one READ, WRITE, READDIR or READDIRPLUS: what a Linux server offers, 1 MiB. */
  public static final int TRANSFER_BYTES_MAX = 1 << 20;

  private Nfs3Program() {}

  /**
   * The program over files.
   *
   * @param files what it serves
   * @return all 22 procedures
   */
  public static Program over(Files files) {
    AttributeProcedures attributes = new AttributeProcedures(files);
    NameProcedures names = new NameProcedures(files);
    CreateProcedures creation = new CreateProcedures(files);
    ContentProcedures contents = new ContentProcedures(files);
    DirectoryProcedures directories = new DirectoryProcedures(files);
    FilesystemProcedures filesystems = new FilesystemProcedures(files);
    return new Program(
        PROGRAM,
        VERSION,
        List.of(
            ExecutableProcedure.NULL,
            attributes::getattr,
            attributes::setattr,
            names::lookup,
            attributes::access,
            names::readlink,
            contents::read,
            contents::write,
            creation::create,
            creation::mkdir,
            creation::symlink,
            creation::mknod,
            names::remove,
            names::rmdir,
            names::rename,
            names::link,
            directories::readdir,
            directories::readdirplus,
            filesystems::fsstat,
            filesystems::fsinfo,
            filesystems::pathconf,
            contents::commit));
  }
}
