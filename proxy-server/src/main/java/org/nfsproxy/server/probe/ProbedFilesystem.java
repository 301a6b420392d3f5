package org.nfsproxy.server.probe;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A path that was looked at.
 *
 * @param isListed whether the origin lists it as an export; else it was found below one
 * @param v3 what MOUNT and NFSv3 show; null if they were not asked
 * @param v4 what NFSv4 shows; null if it was not asked
 */
record ProbedFilesystem(
    String path, boolean isListed, @Nullable FilesystemView v3, @Nullable FilesystemView v4) {
  /** What there is, NFSv4 first. */
  List<FilesystemView> views() {
    return Stream.of(v4, v3).filter(view -> view != null).toList();
  }

  /** Those through which it was reached, NFSv4 first. */
  List<FilesystemView> reached() {
    return views().stream().filter(FilesystemView::isReached).toList();
  }

  /** Whether it is told by both versions, or by one, that root is what. */
  RootAccess rootAccess() {
    RootAccess best = RootAccess.unknown("not asked");
    for (FilesystemView view : views()) {
      boolean isBetter =
          best.kind() == RootAccess.Kind.UNKNOWN || !best.isSure() && view.rootAccess.isSure();
      if (isBetter && !view.rootAccess.why().equals("not asked")) {
        best = view.rootAccess;
      }
    }
    return best;
  }

  /** The stricter of what the versions tell. */
  PortNeed port() {
    PortNeed need = PortNeed.UNKNOWN;
    for (FilesystemView view : views()) {
      if (view.port == PortNeed.RESERVED) {
        return PortNeed.RESERVED;
      }
      need = view.port == PortNeed.ANY ? PortNeed.ANY : need;
    }
    return need;
  }
}
