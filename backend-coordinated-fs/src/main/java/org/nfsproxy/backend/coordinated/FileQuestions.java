package org.nfsproxy.backend.coordinated;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.DirectoryEntry;
import org.nfsproxy.backend.coordinated.files.ExportedTree;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.Names;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.mount.ExportWalk;
import org.nfsproxy.backend.coordinated.namespace.RootedFiles;
import org.nfsproxy.nfs.Filehandle;

/** What the proxy asks about files for itself, as root: answered on a worker. */
// NFSv4 has directories above the exports, and one root.
final class FileQuestions {
  private static final byte[] PARENT = {'.', '.'};

  private final Files files;
  private final Optional<RootedFiles> rooted;

  FileQuestions(Files files) {
    this.files = files;
    this.rooted = Optional.empty();
  }

  private FileQuestions(RootedFiles rooted) {
    this.files = rooted;
    this.rooted = Optional.of(rooted);
  }

  static FileQuestions of(Files files, int nfsVersion) {
    return nfsVersion < 4 ? new FileQuestions(files) : new FileQuestions(RootedFiles.over(files));
  }

  List<String> exports() {
    return files.exports().stream().map(ExportedTree::path).toList();
  }

  ObjectIdentity identify(ObjectHandle object) throws FilesException {
    return identity(files.attributes(object));
  }

  private static ObjectIdentity identity(Attributes attributes) {
    return new ObjectIdentity(
        attributes.fsid(), 0, attributes.fileid(), attributes.type().number());
  }

  Found above(ObjectHandle directory, int levels) throws FilesException {
    @Nullable FoundObject at = null;
    ObjectHandle from = directory;
    for (int level = 0; level < levels; level++) {
      if (rooted.isPresent() && rooted.get().root().equals(from)) {
        throw new FilesException(Nfs3Status.NFS3ERR_NOENT);
      }
      at = files.lookup(UserIds.ROOT, from, PARENT.clone());
      from = at.handle();
    }
    return found(Objects.requireNonNull(at, "one level at least"));
  }

  private static Found found(FoundObject found) {
    return new Found(Filehandle.of(found.handle().wire()), identity(found.attributes()));
  }

  Found find(byte[] path) throws FilesException {
    ObjectHandle object =
        rooted.isPresent() ? rooted.get().find(path) : ExportWalk.find(files, path);
    return new Found(Filehandle.of(object.wire()), identify(object));
  }

  Found lookUp(ObjectHandle directory, byte[] name) throws FilesException {
    return found(files.lookup(UserIds.ROOT, directory, name));
  }

  // By handle, not by fileid: where another filesystem is mounted the fileids are those of two
  // filesystems. Such an entry comes without its object and is looked up.
  String nameOf(ObjectHandle directory, int levels) throws FilesException {
    ObjectHandle child = directory;
    ObjectHandle in = parent(child);
    for (int level = 1; level < levels; level++) {
      child = in;
      in = parent(child);
    }
    Search search = new Search(in, child);
    long cookie = 0;
    DirectoryEntry.Listing listing;
    do {
      search.unknown.clear();
      listing = files.list(UserIds.ROOT, in, cookie, search.verifier, true, search);
      search.verifier = listing.verifier();
      cookie = search.cookie;
      search.lookAtUnknown();
    } while (search.name.isEmpty() && !listing.end());
    return PathName.text(
        search.name.orElseThrow(() -> new FilesException(Nfs3Status.NFS3ERR_NOENT)));
  }

  private ObjectHandle parent(ObjectHandle directory) throws FilesException {
    return files.lookup(UserIds.ROOT, directory, PARENT.clone()).handle();
  }

  /** Takes entries by the hundred until one of them is the child. */
  private final class Search implements DirectoryEntry.Sink {
    private static final int ENTRIES_AT_ONCE = 256;

    private final ObjectHandle in;
    private final ObjectHandle child;
    private final List<byte[]> unknown = new ArrayList<>();
    private long cookie;
    private long verifier;
    private int taken;
    private Optional<byte[]> name = Optional.empty();

    Search(ObjectHandle in, ObjectHandle child) {
      this.in = in;
      this.child = child;
    }

    @Override
    public boolean offer(DirectoryEntry entry) {
      if (name.isPresent() || taken == ENTRIES_AT_ONCE) {
        taken = 0;
        return false;
      }
      taken++;
      cookie = entry.cookie();
      if (!Names.isSelf(entry.name()) && !Names.isParent(entry.name())) {
        if (entry.object().isEmpty()) {
          unknown.add(entry.name());
        } else if (entry.object().get().handle().equals(child)) {
          name = Optional.of(entry.name());
        }
      }
      return true;
    }

    void lookAtUnknown() {
      for (byte[] candidate : unknown) {
        if (name.isEmpty() && leadsToChild(candidate)) {
          name = Optional.of(candidate);
        }
      }
    }

    private boolean leadsToChild(byte[] candidate) {
      try {
        return files.lookup(UserIds.ROOT, in, candidate.clone()).handle().equals(child);
      } catch (FilesException gone) {
        return false;
      }
    }
  }
}
