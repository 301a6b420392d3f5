package org.nfsproxy.server.cache.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Slabs in a directory of a filesystem. */
// Whoever can write there could give clients what he likes, since the sums are no signatures: so it
// is used only if that is nobody else. Within it no symbolic link is followed, in case somebody
// could write there before. Two processes with one directory would write over each other's blocks,
// so it is locked.
//
// The path is followed once, at the start: a link above it that is changed later leads nowhere.
final class DirectoryFiles implements SlabFolder {
  private static final Logger log = LoggerFactory.getLogger(DirectoryFiles.class);

  private static final String LOCK = "cache.lock";
  private static final String HEADER = "cache.header";
  private static final String NEXT_HEADER = "cache.header.new";
  private static final Pattern SLAB = Pattern.compile("slab-(\\d{7})");

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rw-------");

  private static final FileAttribute<?> OWNERS_FILE = PosixFilePermissions.asFileAttribute(OWNERS);

  private static final FileAttribute<?> OWNERS_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Set<OpenOption> READ_AND_WRITTEN =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  private static final Set<OpenOption> MADE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final Path directory;
  private final FileChannel lock;

  private DirectoryFiles(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Opens a directory, which is made if it is missing.
   *
   * @throws UnfitDirectoryException if it is not ours alone
   * @throws IOException if the disk does not do what it is told
   */
  static DirectoryFiles open(Path configured) throws IOException {
    try {
      Files.createDirectories(configured, OWNERS_DIRECTORY);
      Path directory = configured.toRealPath();
      requireClosed(configured, directory);
      FileChannel lock = locked(configured, directory);
      try {
        requireOurs(configured, directory);
      } catch (IOException | RuntimeException failed) {
        lock.close();
        throw failed;
      }
      return new DirectoryFiles(directory, lock);
    } catch (FileAlreadyExistsException file) {
      throw unfit(configured, file.getFile() + " is no directory", "name another");
    } catch (AccessDeniedException denied) {
      throw unfit(
          configured,
          "user " + System.getProperty("user.name") + " may not use " + denied.getFile(),
          "make it, owned by that user, with mode 0700");
    }
  }

  private static UnfitDirectoryException unfit(Path configured, String why, String cure) {
    return new UnfitDirectoryException(
        "cache.directory: found \"%s\", but %s, expected a directory of this proxy's own: %s"
            .formatted(configured, why, cure));
  }

  private static void requireClosed(Path configured, Path directory) throws IOException {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
    if (mode.contains(PosixFilePermission.GROUP_WRITE)
        || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw unfit(
          configured,
          "others than its owner may write to it (" + PosixFilePermissions.toString(mode) + ")",
          "chmod 700 " + directory);
    }
  }

  // A file that is made there says who we are to that filesystem.
  private static void requireOurs(Path configured, Path directory) throws IOException {
    Path probe = directory.resolve(NEXT_HEADER);
    Files.deleteIfExists(probe);
    FileChannel.open(probe, MADE, OWNERS_FILE).close();
    UserPrincipal we = Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
    Files.delete(probe);
    UserPrincipal owner = Files.getOwner(directory);
    if (!owner.equals(we)) {
      throw unfit(
          configured,
          "it belongs to " + owner.getName() + ", and this proxy is " + we.getName(),
          "chown " + we.getName() + " " + directory);
    }
  }

  private static FileChannel locked(Path configured, Path directory) throws IOException {
    Path file = directory.resolve(LOCK);
    if (Files.isSymbolicLink(file)) {
      Files.delete(file);
    }
    FileChannel channel = FileChannel.open(file, READ_AND_WRITTEN, OWNERS_FILE);
    try {
      if (tryLock(channel) == null) {
        throw unfit(configured, "another process uses it", "give each proxy one of its own");
      }
      return channel;
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ours) {
      return null;
    }
  }

  /** Says so if the disk has less room than may be used. */
  void warnIfShort(long bytesMax) throws IOException {
    long room = Files.getFileStore(directory).getUsableSpace();
    for (int number : numbers()) {
      room += Files.size(slab(number));
    }
    if (room < bytesMax) {
      log.warn(
          "cache.diskBytesMax: {} is more than the {} bytes that there are for {}. When the disk is"
              + " full nothing is kept there any more: lower it, or give it more room",
          bytesMax,
          room,
          directory);
    }
  }

  @Override
  public byte[] header() throws IOException {
    Path file = directory.resolve(HEADER);
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteBuffer bytes =
          ByteBuffer.allocate((int) Math.min(channel.size(), StoreHeader.BYTES_MAX + 64L));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // on to its end
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    } catch (NoSuchFileException none) {
      return new byte[0];
    }
  }

  @Override
  public void header(byte[] bytes) throws IOException {
    Path next = directory.resolve(NEXT_HEADER);
    Files.deleteIfExists(next);
    try (FileChannel channel = FileChannel.open(next, MADE, OWNERS_FILE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(
        next,
        directory.resolve(HEADER),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(directory)) {
      folder.force(true);
    }
  }

  // What is no file, a link among it, was not made by us.
  @Override
  public List<Integer> numbers() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "slab-*")) {
      for (Path each : all) {
        Matcher name = SLAB.matcher(each.getFileName().toString());
        if (!name.matches()) {
          continue;
        }
        if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
          numbers.add(Integer.valueOf(name.group(1)));
        } else {
          Files.delete(each);
        }
      }
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    }
    numbers.sort(null);
    return numbers;
  }

  private Path slab(int number) {
    return directory.resolve("slab-%07d".formatted(number));
  }

  @Override
  public SlabFile open(int number) throws IOException {
    Path file = slab(number);
    FileChannel channel = FileChannel.open(file, READ_AND_WRITTEN, OWNERS_FILE);
    try {
      PosixFileAttributeView view =
          Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (!view.readAttributes().permissions().equals(OWNERS)) {
        view.setPermissions(OWNERS);
      }
      return new ChannelSlab(channel);
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  @Override
  public void delete(int number) throws IOException {
    Files.deleteIfExists(slab(number));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
