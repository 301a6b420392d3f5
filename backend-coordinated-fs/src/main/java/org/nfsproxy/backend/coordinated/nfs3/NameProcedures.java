package org.nfsproxy.backend.coordinated.nfs3;

import java.util.Optional;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure.Execution;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.xdr.XdrReader;

/** LOOKUP, READLINK, REMOVE, RMDIR, RENAME, LINK: RFC 1813 sections 3.3.3, .5, .12 to .15. */
final class NameProcedures {
  private final Files files;

  NameProcedures(Files files) {
    this.files = files;
  }

  Execution lookup(UserIds caller, XdrReader in) {
    ObjectHandle directory = Arguments.handle(in);
    byte[] name = Arguments.name(in);
    return ResultShapes.of(
        out -> {
          FoundObject found = files.lookup(caller, directory, name);
          out.opaque(found.handle().wire());
          Results.postOp(out, Optional.of(found.attributes()));
          Results.postOp(out, files, directory);
        },
        out -> Results.postOp(out, files, directory));
  }

  Execution readlink(UserIds caller, XdrReader in) {
    ObjectHandle symlink = Arguments.handle(in);
    return ResultShapes.of(
        out -> {
          byte[] target = files.readlink(caller, symlink);
          Results.postOp(out, files, symlink);
          out.opaque(target);
        },
        out -> Results.postOp(out, files, symlink));
  }

  Execution remove(UserIds caller, XdrReader in) {
    ObjectHandle directory = Arguments.handle(in);
    byte[] name = Arguments.name(in);
    WccData wcc = new WccData();
    return ResultShapes.alike(
        () -> files.remove(caller, directory, name, wcc), out -> Results.wcc(out, wcc));
  }

  Execution rmdir(UserIds caller, XdrReader in) {
    ObjectHandle directory = Arguments.handle(in);
    byte[] name = Arguments.name(in);
    WccData wcc = new WccData();
    return ResultShapes.alike(
        () -> files.removeDirectory(caller, directory, name, wcc), out -> Results.wcc(out, wcc));
  }

  Execution rename(UserIds caller, XdrReader in) {
    ObjectHandle from = Arguments.handle(in);
    byte[] fromName = Arguments.name(in);
    ObjectHandle to = Arguments.handle(in);
    byte[] toName = Arguments.name(in);
    WccData fromWcc = new WccData();
    WccData toWcc = new WccData();
    return ResultShapes.alike(
        () -> files.rename(caller, from, fromName, to, toName, fromWcc, toWcc),
        out -> {
          Results.wcc(out, fromWcc);
          Results.wcc(out, toWcc);
        });
  }

  Execution link(UserIds caller, XdrReader in) {
    ObjectHandle object = Arguments.handle(in);
    ObjectHandle directory = Arguments.handle(in);
    byte[] name = Arguments.name(in);
    WccData wcc = new WccData();
    return ResultShapes.of(
        out -> {
          Attributes linked = files.link(caller, object, directory, name, wcc);
          Results.postOp(out, Optional.of(linked));
          Results.wcc(out, wcc);
        },
        out -> {
          Results.postOp(out, files, object);
          Results.wcc(out, wcc);
        });
  }
}
