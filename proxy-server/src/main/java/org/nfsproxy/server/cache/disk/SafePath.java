package org.nfsproxy.server.cache.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The path to a directory in which data are kept, which nobody else may lead elsewhere. */
// Who can write to a folder above can put another directory in this one's place. So it is asked for
// what sshd asks of the folders above a key (StrictModes), but that a sticky bit will do: below it
// only an entry's owner, the folder's own and root can move the entry, and all three are the proxy
// or root.
public final class SafePath {
  private static final int ROOT = 0;
  private static final int STICKY = 01000;
  private static final int OTHERS_WRITE = 022;
  private static final int PERMISSIONS = 07777;

  /** Whose the lowest folder is that is there. The proxy, as who opens it finds out. */
  private final int owner;

  private final Path configured;

  private SafePath(Path configured, int owner) {
    this.configured = configured;
    this.owner = owner;
  }

  /**
   * Why a path would not be used, as far as can be told without making anything.
   *
   * @return for the administrator; null if nothing is wrong with it, or it cannot be told
   */
  public static @Nullable String unfit(Path configured) {
    try {
      require(configured);
      return null;
    } catch (UnfitDirectoryException unfit) {
      return unfit.getMessage();
    } catch (IOException | UnsupportedOperationException nobodyKnows) {
      return null;
    }
  }

  /**
   * Makes a directory, and folders above it, for their owner alone, where they are missing, and
   * follows its path.
   *
   * @return where it is, without symbolic links
   * @throws UnfitDirectoryException if others can write to it, or could exchange it
   */
  // Looked at before something is made too, or others could choose where that is.
  static Path made(Path configured) throws IOException {
    require(configured);
    Files.createDirectories(configured, OpenDirectory.OWNERS_DIRECTORY);
    require(configured);
    return configured.toRealPath();
  }

  // As it is written, and as it really is: whoever can exchange a link says where it leads.
  private static void require(Path configured) throws IOException {
    Path whole = configured.toAbsolutePath();
    Path there = whole;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    Path real = there.toRealPath();
    SafePath path = new SafePath(configured, uid(real));
    boolean isItself = there.equals(whole);
    if (isItself) {
      path.requireClosed(real);
    }
    for (Path each = isItself ? real.getParent() : real; each != null; each = each.getParent()) {
      path.requireFolder(each);
    }
    for (Path each = there; each != null; each = each.getParent()) {
      path.requireLink(each);
      if (!each.equals(whole)) {
        path.requireFolder(each);
      }
    }
  }

  private static int uid(Path path, LinkOption... how) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", how);
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode") & PERMISSIONS;
  }

  private void requireClosed(Path directory) throws IOException {
    int mode = mode(directory);
    if ((mode & OTHERS_WRITE) != 0) {
      throw UnfitDirectoryException.of(
          configured,
          "others than its owner may write to it (mode %04o)".formatted(mode),
          "chmod 700 " + directory);
    }
  }

  private void requireFolder(Path folder) throws IOException {
    int mode = mode(folder);
    if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
      throw UnfitDirectoryException.of(
          configured,
          "others may write to %s above it (mode %04o), and put another in its place"
              .formatted(folder, mode),
          "chmod go-w %s, or chmod +t %s, or name one elsewhere".formatted(folder, folder));
    }
    if (!isTrusted(uid(folder))) {
      throw UnfitDirectoryException.of(
          configured,
          "%s above it belongs to %s, who may put another in its place"
              .formatted(folder, Files.getOwner(folder).getName()),
          "chown root %s, or name one elsewhere".formatted(folder));
    }
  }

  // In a folder with the sticky bit it may be anybody's.
  private void requireLink(Path path) throws IOException {
    if (Files.isSymbolicLink(path) && !isTrusted(uid(path, LinkOption.NOFOLLOW_LINKS))) {
      throw UnfitDirectoryException.of(
          configured,
          "%s is a symbolic link of %s, who may have it lead elsewhere"
              .formatted(path, Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName()),
          "chown -h root %s, or name where it leads".formatted(path));
    }
  }

  private boolean isTrusted(int uid) {
    return uid == ROOT || uid == owner;
  }
}
