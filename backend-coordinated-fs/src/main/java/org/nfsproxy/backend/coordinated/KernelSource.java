package org.nfsproxy.backend.coordinated;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.kernel.KernelFiles;
import org.nfsproxy.backend.coordinated.kernel.KernelSettings;
import org.nfsproxy.backend.coordinated.kernel.MountPoints;
import org.nfsproxy.backend.coordinated.kernel.UnsuitableException;
import org.nfsproxy.configuration.Problem;

/** Filesystems that are mounted on this machine. */
final class KernelSource implements FilesSource {
  /** An open file that nobody used for this long is closed: twice what Linux's nfsd waits. */
  private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(4);

  private final KernelSettings settings;
  private volatile @Nullable KernelFiles files;

  KernelSource(KernelSettings settings) {
    this.settings = settings;
  }

  @Override
  public Files open() throws UnsuitableException {
    KernelFiles opened = KernelFiles.open(settings);
    files = opened;
    return opened;
  }

  @Override
  public List<Problem> unfit() {
    return MountPoints.now().map(this::unfit).orElse(List.of());
  }

  private List<Problem> unfit(MountPoints points) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < settings.filesystems().size(); i++) {
      String path = settings.filesystems().get(i).path();
      String found = points.unfit(path);
      if (!found.isEmpty()) {
        String key = CoordinatedKeys.PATH.path().replace("[]", "[" + i + "]");
        problems.add(
            new Problem(key, '"' + path + "\", " + found, "the mount point of a whole filesystem"));
      }
    }
    return problems;
  }

  @Override
  public List<Notice> notices() {
    return files == null ? List.of() : files.notices();
  }

  @Override
  public Map<String, Long> counts() {
    return files == null ? Map.of() : files.counts();
  }

  @Override
  public void join(Fleet fleet) {
    Objects.requireNonNull(files, "opened first").join(fleet);
  }

  @Override
  public void tidy() {
    Objects.requireNonNull(files, "opened first").closeUnused(UNUSED_NANOS);
  }

  @Override
  public void close() {
    if (files != null) {
      files.close();
    }
  }
}
