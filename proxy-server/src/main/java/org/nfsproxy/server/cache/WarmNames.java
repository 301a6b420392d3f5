package org.nfsproxy.server.cache;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.rpc.CallCredential;

/**
 * Leads from paths to what is there, name by name, with the credential of whoever reads: what is
 * below a directory that he may not enter he does not find. For several threads.
 */
// From the root of the namespace in NFSv4. NFSv3 has none: MOUNT gives the root of the export whose
// path is the longest beginning of it, and names lead on from there, into what is mounted below too
// where the origin lets clients cross.
final class WarmNames {
  /** Directories that are remembered, since many files are in one. */
  private static final int KNOWN_MAX = 1024;

  private record At(String path, int nfsVersion) {}

  private final Backend backend;
  private final ReadOrigin origin;
  private final CallCredential as;
  private @Nullable Future<List<String>> exports;
  private final Map<At, Future<Found>> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<At, Future<Found>> eldest) {
          return size() > KNOWN_MAX;
        }
      };

  WarmNames(Backend backend, ReadOrigin origin, CallCredential as) {
    this.backend = backend;
    this.origin = origin;
    this.as = as;
  }

  /**
   * What is at a path.
   *
   * @param path absolute, without . and ..
   */
  Future<Found> find(String path, int nfsVersion) {
    List<String> names = names(path);
    return nfsVersion == 3
        ? exports().compose(all -> fromExport(names, all))
        : lookUp(names, 0, names.size(), nfsVersion);
  }

  private static List<String> names(String path) {
    return Arrays.stream(path.split("/")).filter(name -> !name.isEmpty()).toList();
  }

  private synchronized Future<List<String>> exports() {
    Future<List<String>> asked = exports;
    if (asked == null) {
      asked = backend.exports();
      exports = asked;
    }
    return asked;
  }

  private Future<Found> fromExport(List<String> names, List<String> all) {
    Optional<List<String>> export =
        all.stream()
            .map(WarmNames::names)
            .filter(each -> isBeginning(each, names))
            .max(Comparator.comparingInt(List::size));
    return export.isEmpty()
        ? Future.failedFuture(new NfsStatusException(NfsStatus.NOENT))
        : lookUp(names, export.get().size(), names.size(), 3);
  }

  private static boolean isBeginning(List<String> export, List<String> names) {
    return export.size() <= names.size() && names.subList(0, export.size()).equals(export);
  }

  /** What the first {@code length} names lead to, of which so many are the beginning. */
  private Future<Found> lookUp(List<String> names, int beginning, int length, int nfsVersion) {
    At at = new At("/" + String.join("/", names.subList(0, length)), nfsVersion);
    synchronized (this) {
      Future<Found> before = known.get(at);
      if (before != null) {
        return before;
      }
    }
    Future<Found> asked =
        length == beginning
            ? backend.find(at.path, nfsVersion)
            : lookUp(names, beginning, length - 1, nfsVersion)
                .compose(above -> lookUp(above, names.get(length - 1), nfsVersion));
    if (length < names.size()) {
      synchronized (this) {
        known.put(at, asked);
      }
    }
    return asked;
  }

  /** What has a name in a directory. */
  Future<Found> lookUp(Found directory, String name, int nfsVersion) {
    return lookUp(directory, name.getBytes(StandardCharsets.UTF_8), nfsVersion);
  }

  /** The same, by the bytes on the wire. */
  Future<Found> lookUp(Found directory, byte[] name, int nfsVersion) {
    return origin.lookUp(directory.handle(), name, nfsVersion, as);
  }
}
