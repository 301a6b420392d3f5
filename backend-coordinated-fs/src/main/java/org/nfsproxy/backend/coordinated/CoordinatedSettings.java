package org.nfsproxy.backend.coordinated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nfsproxy.backend.coordinated.kernel.KernelSettings;
import org.nfsproxy.configuration.Section;

/**
 * What the configuration says of this backend.
 *
 * @param kernel the filesystems, and their bounds
 * @param workers calls executed at once
 * @param keptReplyBytesMax memory of replies that is kept for the next ones
 * @param replies the bounds on replies that clients have not taken
 * @param joinMillis how long calls wait for the other instances
 */
record CoordinatedSettings(
    KernelSettings kernel,
    int workers,
    long keptReplyBytesMax,
    ReplyBounds replies,
    int joinMillis) {
  static CoordinatedSettings read(Section backend) {
    List<Section> sections = CoordinatedKeys.FILESYSTEMS.in(backend);
    if (sections.isEmpty() && backend.problems().isEmpty()) {
      backend.report(
          CoordinatedKeys.FILESYSTEMS.name(), "nothing", CoordinatedKeys.FILESYSTEMS.range());
    }
    KernelSettings kernel =
        new KernelSettings(
            places(sections),
            CoordinatedKeys.OPEN_FILES_MAX.in(backend),
            CoordinatedKeys.SYNC.in(backend));
    return new CoordinatedSettings(
        kernel,
        CoordinatedKeys.WORKERS.in(backend),
        CoordinatedKeys.KEPT_REPLY_BYTES_MAX.in(backend),
        new ReplyBounds(
            CoordinatedKeys.REPLY_BYTES_MAX.in(backend),
            CoordinatedKeys.REPLY_BYTES_PER_CONNECTION_MAX.in(backend),
            CoordinatedKeys.REPLY_STALL_MILLIS.in(backend)),
        CoordinatedKeys.JOIN_MILLIS.in(backend));
  }

  private static List<KernelSettings.Place> places(List<Section> sections) {
    List<KernelSettings.Place> places = new ArrayList<>();
    Map<Object, String> known = new HashMap<>();
    for (Section section : sections) {
      int id = CoordinatedKeys.ID.reader().read(section, CoordinatedKeys.ID.name());
      String path = CoordinatedKeys.PATH.reader().read(section, CoordinatedKeys.PATH.name());
      if (id != 0) {
        refuseTwice(known, id, section, CoordinatedKeys.ID.name(), Integer.toString(id));
      }
      if (!path.isEmpty()) {
        checkDirectory(known, path, section);
      }
      places.add(new KernelSettings.Place(id, path));
    }
    return places;
  }

  private static void checkDirectory(Map<Object, String> known, String path, Section section) {
    String key = CoordinatedKeys.PATH.name();
    Path directory = Path.of(path);
    if (!Files.isDirectory(directory)) {
      section.report(key, '"' + path + "\", which is not there", "a directory of this machine");
      return;
    }
    refuseTwice(known, device(directory), section, key, "the filesystem at \"" + path + '"');
  }

  /** What tells one mounted filesystem from another; the path itself where nobody can say. */
  private static Object device(Path directory) {
    try {
      return Files.getAttribute(directory, "unix:dev");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
      return directory;
    }
  }

  private static void refuseTwice(
      Map<Object, String> known, Object value, Section section, String key, String shown) {
    String first = known.putIfAbsent(value, section.path());
    if (first != null) {
      section.report(key, shown, "another one than that of " + first);
    }
  }

  static boolean isAbsolute(String path) {
    try {
      Path parsed = Path.of(path);
      return path.startsWith("/")
          && parsed.normalize().toString().equals(path)
          && path.indexOf('\0') < 0;
    } catch (InvalidPathException impossible) {
      return false;
    }
  }
}
