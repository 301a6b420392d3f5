package org.nfsproxy.backend.coordinated.mount;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.ExportedTree;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;

/** From a path to a directory, by way of the exports. */
public final class ExportWalk {
  private ExportWalk() {}

  /**
   * An export, or a directory below one: walked to from the innermost export on the way.
   *
   * @param files what is exported
   * @param path absolute
   * @return the directory
   * @throws FilesException why not; NOENT if no export is on the way
   */
  public static ObjectHandle find(Files files, byte[] path) throws FilesException {
    String wanted = new String(path, StandardCharsets.ISO_8859_1).replaceAll("/+$", "");
    Optional<ExportedTree> innermost = Optional.empty();
    for (ExportedTree export : files.exports()) {
      String exported = latin(export.path());
      boolean leads = wanted.equals(exported) || wanted.startsWith(exported + "/");
      if (leads && export.path().length() >= innermost.map(ExportWalk::length).orElse(0)) {
        innermost = Optional.of(export);
      }
    }
    if (innermost.isEmpty()) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOENT);
    }
    ObjectHandle at = innermost.get().root();
    for (String name : wanted.substring(latin(innermost.get().path()).length()).split("/+")) {
      at = name.isEmpty() ? at : enter(files, at, name);
    }
    return at;
  }

  private static ObjectHandle enter(Files files, ObjectHandle directory, String name)
      throws FilesException {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    FoundObject found = files.lookup(UserIds.ROOT, directory, bytes);
    if (found.attributes().type() != FileType.NF3DIR) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOTDIR);
    }
    return found.handle();
  }

  private static int length(ExportedTree export) {
    return export.path().length();
  }

  // One char for each byte, as names of directories need not be text.
  private static String latin(String path) {
    return new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
