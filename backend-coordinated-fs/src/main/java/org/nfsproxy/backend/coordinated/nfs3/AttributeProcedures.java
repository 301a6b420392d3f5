package org.nfsproxy.backend.coordinated.nfs3;

import java.util.Optional;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure.Execution;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.xdr.XdrReader;

/** GETATTR, SETATTR, ACCESS: RFC 1813 sections 3.3.1, 3.3.2, 3.3.4. */
final class AttributeProcedures {
  private final Files files;

  AttributeProcedures(Files files) {
    this.files = files;
  }

  Execution getattr(UserIds caller, XdrReader in) {
    ObjectHandle object = Arguments.handle(in);
    return ResultShapes.of(
        out -> Results.attributes(out, files.attributes(object)), statusAlone -> {});
  }

  Execution setattr(UserIds caller, XdrReader in) {
    ObjectHandle object = Arguments.handle(in);
    AttributeChange change = Arguments.attributeChange(in);
    Optional<FileTime> guard = Arguments.guard(in);
    WccData wcc = new WccData();
    return ResultShapes.alike(
        () -> files.change(caller, object, change, guard, wcc), out -> Results.wcc(out, wcc));
  }

  Execution access(UserIds caller, XdrReader in) {
    ObjectHandle object = Arguments.handle(in);
    int asked = in.int32();
    return ResultShapes.of(
        out -> {
          int granted = files.access(caller, object, asked);
          Results.postOp(out, files, object);
          out.int32(granted);
        },
        out -> Results.postOp(out, files, object));
  }
}
