package org.nfsproxy.backend.coordinated.nfs3;

import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure.Execution;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.Attributes.Device;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.xdr.XdrReader;

/** CREATE, MKDIR, SYMLINK, MKNOD: RFC 1813 sections 3.3.8 to 3.3.11. */
final class CreateProcedures {
  private final Files files;

  CreateProcedures(Files files) {
    this.files = files;
  }

  Execution create(UserIds caller, XdrReader in) {
    ObjectHandle directory = Arguments.handle(in);
    byte[] name = Arguments.name(in);
    CreateHow how = Arguments.createHow(in);
    WccData wcc = new WccData();
    return making(() -> files.create(caller, directory, name, how, wcc), wcc);
  }

  Execution mkdir(UserIds caller, XdrReader in) {
    ObjectHandle directory = Arguments.handle(in);
    byte[] name = Arguments.name(in);
    AttributeChange attributes = Arguments.attributeChange(in);
    WccData wcc = new WccData();
    return making(() -> files.makeDirectory(caller, directory, name, attributes, wcc), wcc);
  }

  Execution symlink(UserIds caller, XdrReader in) {
    ObjectHandle directory = Arguments.handle(in);
    byte[] name = Arguments.name(in);
    AttributeChange attributes = Arguments.attributeChange(in);
    byte[] target = Arguments.name(in);
    WccData wcc = new WccData();
    return making(() -> files.makeSymlink(caller, directory, name, target, attributes, wcc), wcc);
  }

  /** Of the types that MKNOD does not make, no attributes follow ({@code mknoddata3}). */
  Execution mknod(UserIds caller, XdrReader in) {
    ObjectHandle directory = Arguments.handle(in);
    byte[] name = Arguments.name(in);
    FileType type = Arguments.fileType(in);
    boolean special = type.isDevice() || type == FileType.NF3SOCK || type == FileType.NF3FIFO;
    AttributeChange attributes = special ? Arguments.attributeChange(in) : AttributeChange.NONE;
    Device device = type.isDevice() ? Arguments.device(in) : Device.NONE;
    WccData wcc = new WccData();
    return making(
        () -> files.makeSpecial(caller, directory, name, type, device, attributes, wcc), wcc);
  }

  @FunctionalInterface
  private interface Making {
    FoundObject run() throws FilesException;
  }

  private static Execution making(Making making, WccData wcc) {
    return ResultShapes.of(
        out -> {
          Results.made(out, making.run());
          Results.wcc(out, wcc);
        },
        out -> Results.wcc(out, wcc));
  }
}
