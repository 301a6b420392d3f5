package org.nfsproxy.server.cache.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is held open. What is done with a name is done in it, wherever its path leads by
 * then, and follows no symbolic link.
 */
// By openat and its like. The path is looked at only to tell whether it still leads here, and for
// how many names a file has, which Java tells of a path alone; what it says is believed only if it
// is of the same file.
final class OpenDirectory implements Closeable {
  static final FileAttribute<?> OWNERS_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final FileAttribute<?> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private static final Path ITSELF = Path.of(".");

  private static final Set<OpenOption> MADE =
      Set.of(
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  private static final Set<OpenOption> READ_AND_WRITTEN =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  final Path path;
  private final SecureDirectoryStream<Path> directory;
  private final PosixFileAttributes opened;

  private OpenDirectory(
      Path path, SecureDirectoryStream<Path> directory, PosixFileAttributes opened) {
    this.path = path;
    this.directory = directory;
    this.opened = opened;
  }

  /**
   * Opens one.
   *
   * @param path without symbolic links
   * @throws UnsupportedOperationException if files cannot be opened relative to it here
   */
  @SuppressWarnings("StreamResourceLeak") // kept open, and closed by close
  static OpenDirectory open(Path path) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(path);
    try {
      if (stream instanceof SecureDirectoryStream<Path> directory) {
        PosixFileAttributes opened =
            directory.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
        OpenDirectory open = new OpenDirectory(path, directory, opened);
        open.requireThere();
        return open;
      }
      throw new UnsupportedOperationException("no file is opened relative to a directory");
    } catch (IOException | RuntimeException failed) {
      stream.close();
      throw failed;
    }
  }

  /** Whose it was when it was opened. */
  UserPrincipal owner() {
    return opened.owner();
  }

  /** What is to be known of a file; null if there is none. */
  @Nullable PosixFileAttributes find(String name) throws IOException {
    try {
      return directory
          .getFileAttributeView(
              Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes();
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** Makes a file, for its owner alone. */
  FileChannel make(String name) throws IOException {
    return file(directory.newByteChannel(Path.of(name), MADE, OWNERS_FILE));
  }

  /** Opens a file, if it is there, to read and write it. */
  // A pipe would be waited for, and is no file.
  @Nullable FileChannel openIfThere(String name) throws IOException {
    PosixFileAttributes found = find(name);
    if (found == null) {
      return null;
    }
    if (!found.isRegularFile()) {
      throw notOurs(name, "is no plain file");
    }
    return file(directory.newByteChannel(Path.of(name), READ_AND_WRITTEN));
  }

  private static FileChannel file(SeekableByteChannel opened) throws IOException {
    if (opened instanceof FileChannel file) {
      return file;
    }
    opened.close();
    throw new UnsupportedOperationException("what is opened relative to a directory is no file");
  }

  /** Fails unless a file is one that only this directory's owner can have written, or can read. */
  void requireOurs(String name) throws IOException {
    PosixFileAttributes found = find(name);
    Object links = found == null ? null : links(name, found);
    if (found == null || links == null) {
      throw moved();
    }
    if (!found.isRegularFile()) {
      throw notOurs(name, "is no plain file");
    }
    if (!found.owner().equals(owner())) {
      throw notOurs(name, "belongs to " + found.owner().getName());
    }
    if (found.permissions().stream().anyMatch(OTHERS::contains)) {
      throw notOurs(
          name, "is open to others (" + PosixFilePermissions.toString(found.permissions()) + ")");
    }
    if (!links.equals(1)) {
      throw notOurs(name, "has " + links + " names (hard links)");
    }
  }

  private @Nullable Object links(String name, PosixFileAttributes file) throws IOException {
    try {
      Map<String, Object> there =
          Files.readAttributes(path.resolve(name), "unix:nlink,fileKey", LinkOption.NOFOLLOW_LINKS);
      return file.fileKey().equals(there.get("fileKey")) ? there.get("nlink") : null;
    } catch (NoSuchFileException | NotDirectoryException moved) {
      return null;
    }
  }

  private NotOursException notOurs(String name, String what) {
    return new NotOursException(
        path.resolve(name) + " " + what,
        "This proxy makes no such file: find out who did, remove all files there, and restart");
  }

  /** Fails if its path leads elsewhere by now, or nowhere. */
  void requireThere() throws IOException {
    try {
      Object there =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey();
      if (!opened.fileKey().equals(there)) {
        throw moved();
      }
    } catch (NoSuchFileException | NotDirectoryException moved) {
      throw moved();
    }
  }

  private NotOursException moved() {
    return new NotOursException(
        path
            + " no longer leads to the directory that was opened at the start, which was moved or"
            + " removed, or another one was put in its place",
        "Nothing was read from another one, nor written to it. Find out who did that, put it back,"
            + " and restart");
  }

  /** The names of all that is there. */
  List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> all =
        directory.newDirectoryStream(ITSELF, LinkOption.NOFOLLOW_LINKS)) {
      all.forEach(each -> names.add(each.getFileName().toString()));
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    }
    return names;
  }

  /** Removes a file, if it is there. */
  void delete(String name) throws IOException {
    try {
      directory.deleteFile(Path.of(name));
    } catch (NoSuchFileException none) {
      // as it should be
    }
  }

  /** Gives a file another name, in the place of one that has it. */
  void rename(String from, String to) throws IOException {
    directory.move(Path.of(from), directory, Path.of(to));
  }

  /** Has its names outlive a power cut. */
  void force() throws IOException {
    try (FileChannel itself =
        file(directory.newByteChannel(ITSELF, Set.of(StandardOpenOption.READ)))) {
      itself.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
