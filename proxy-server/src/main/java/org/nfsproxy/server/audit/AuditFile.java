package org.nfsproxy.server.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that lines are appended to, and that makes room for another one when it is long: {@code
 * audit.log} becomes {@code audit.log.1}, that one {@code audit.log.2}. For one thread.
 */
// Whoever can write beside it could otherwise have it write elsewhere: a symbolic link is not
// followed, and what is no plain file (a FIFO would make us wait) is not opened.
//
// Others may move or remove it, as logrotate does: what stands at the path is looked at before
// lines are written, and if it is another file, or none, that one is opened. It is opened to be
// appended to, so that one that was made shorter in place (copytruncate) goes on at its new end.
final class AuditFile implements Closeable {
  private static final Set<OpenOption> APPENDED =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.APPEND,
          LinkOption.NOFOLLOW_LINKS);

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> NOT_ALLOWED =
      PosixFilePermissions.fromString("---" + "-w-" + "rwx");

  private final Path path;
  private final long bytesMax;
  private final int filesMax;
  private @Nullable FileChannel channel;
  private @Nullable Object key;

  /**
   * A file that is not open.
   *
   * @param path where it is
   * @param bytesMax how long it becomes before it makes room
   * @param filesMax how many there are, this one among them; 2 or more
   */
  AuditFile(Path path, long bytesMax, int filesMax) {
    this.path = path;
    this.bytesMax = bytesMax;
    this.filesMax = filesMax;
  }

  /**
   * Why lines could not be appended to it at this moment; null if they could, as far as it looks.
   */
  static @Nullable String unfit(Path path) {
    Path folder = path.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return "whose folder is not there";
    }
    if (Files.isSymbolicLink(path)) {
      return "which is a symbolic link";
    }
    if (Files.isDirectory(path)) {
      return "which is a directory";
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      return "which is no plain file";
    }
    Path written = Files.exists(path) ? path : folder;
    return Files.isWritable(written)
        ? null
        : "which user " + System.getProperty("user.name") + " may not write";
  }

  /** Opens it, and takes from others what they should not have. */
  void open() throws IOException {
    close();
    String why = unfit(path);
    if (why != null) {
      throw new IOException(why);
    }
    channel = FileChannel.open(path, APPENDED, PosixFilePermissions.asFileAttribute(OWNERS));
    key = keyOf(path);
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> mode = EnumSet.copyOf(OWNERS);
    mode.addAll(view.readAttributes().permissions());
    if (mode.removeAll(NOT_ALLOWED)) {
      view.setPermissions(mode);
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  /** Opens what stands at the path now, if that is not what is open. */
  void look() throws IOException {
    if (channel == null || !Objects.equals(key, keyOf(path))) {
      open();
    }
  }

  /**
   * Appends whole lines, or nothing.
   *
   * @throws IOException with nothing of it in the file, as far as that could be had
   */
  void append(ByteBuffer lines) throws IOException {
    if (channel == null) {
      open();
    }
    FileChannel open = Objects.requireNonNull(channel, "it was opened");
    long size = open.size();
    if (size > 0 && size + lines.remaining() > bytesMax) {
      rotate();
      open = Objects.requireNonNull(channel, "it was opened");
      size = open.size();
    }
    try {
      while (lines.hasRemaining()) {
        open.write(lines);
      }
    } catch (IOException failed) {
      open.truncate(size);
      throw failed;
    }
  }

  private void rotate() throws IOException {
    close();
    for (int i = filesMax - 1; i > 0; i--) {
      Path from = i == 1 ? path : numbered(i - 1);
      if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(
            from, numbered(i), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    open();
  }

  private Path numbered(int i) {
    return path.resolveSibling(path.getFileName() + "." + i);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
