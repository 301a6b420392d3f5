package org.nfsproxy.server.cache.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Slabs in a directory of a filesystem. */
// Whoever can write there could give clients what he likes, since the sums are no signatures: so it
// is used only if that is nobody else, nor can put another in its place. Each file in it is looked
// at too, in case somebody could write there before. Two processes with one directory would write
// over each other's blocks, so it is locked.
//
// The path is followed once, at the start, and the directory kept open. Where it leads elsewhere
// later nothing is opened any more.
final class DirectoryFiles implements SlabFolder {
  private static final Logger log = LoggerFactory.getLogger(DirectoryFiles.class);

  private static final String LOCK = "cache.lock";
  private static final String HEADER = "cache.header";
  private static final String NEXT_HEADER = "cache.header.new";
  private static final Pattern SLAB = Pattern.compile("slab-(\\d{7})");

  private final OpenDirectory directory;
  private final FileChannel lock;

  private DirectoryFiles(OpenDirectory directory, FileChannel lock) {
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
      OpenDirectory directory = OpenDirectory.open(SafePath.made(configured));
      try {
        return new DirectoryFiles(directory, locked(configured, directory));
      } catch (IOException | RuntimeException failed) {
        directory.close();
        throw failed;
      }
    } catch (FileAlreadyExistsException file) {
      throw noDirectory(configured, file.getFile());
    } catch (NotDirectoryException file) {
      throw noDirectory(configured, file.getFile());
    } catch (AccessDeniedException denied) {
      throw UnfitDirectoryException.of(
          configured,
          "user " + System.getProperty("user.name") + " may not use " + denied.getFile(),
          "make it, owned by that user, with mode 0700");
    } catch (NotOursException strange) {
      throw UnfitDirectoryException.of(configured, strange.toString(), strange.cure());
    } catch (UnsupportedOperationException platform) {
      throw UnfitDirectoryException.of(
          configured,
          "this platform or filesystem cannot tell that it is (" + platform.getMessage() + ")",
          "use a Linux filesystem, or leave cache.directory empty");
    }
  }

  private static UnfitDirectoryException noDirectory(Path configured, String file) {
    return UnfitDirectoryException.of(configured, file + " is no directory", "name another");
  }

  private static FileChannel locked(Path configured, OpenDirectory directory) throws IOException {
    FileChannel channel = opened(directory, LOCK);
    try {
      if (tryLock(channel) == null) {
        throw UnfitDirectoryException.of(
            configured, "another process uses it", "give each proxy one of its own");
      }
      requireOurs(configured, directory);
      directory.requireOurs(LOCK);
      return channel;
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  private static FileChannel opened(OpenDirectory directory, String name) throws IOException {
    FileChannel there = directory.openIfThere(name);
    return there == null ? directory.make(name) : there;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ours) {
      return null;
    }
  }

  // A file that is made there says who we are to that filesystem.
  private static void requireOurs(Path configured, OpenDirectory directory) throws IOException {
    directory.delete(NEXT_HEADER);
    directory.make(NEXT_HEADER).close();
    PosixFileAttributes probe = directory.find(NEXT_HEADER);
    directory.delete(NEXT_HEADER);
    UserPrincipal owner = directory.owner();
    if (probe == null || !owner.equals(probe.owner())) {
      String we = probe == null ? "nobody" : probe.owner().getName();
      throw UnfitDirectoryException.of(
          configured,
          "it belongs to " + owner.getName() + ", and this proxy is " + we,
          "chown " + we + " " + directory.path);
    }
  }

  /** Says so if the disk has less room than may be used. */
  void warnIfShort(long bytesMax) throws IOException {
    long room = Files.getFileStore(directory.path).getUsableSpace();
    for (int number : numbers()) {
      PosixFileAttributes slab = directory.find(slab(number));
      room += slab == null ? 0 : slab.size();
    }
    if (room < bytesMax) {
      log.warn(
          "cache.diskBytesMax: {} is more than the {} bytes that there are for {}. When the disk is"
              + " full nothing is kept there any more: lower it, or give it more room",
          bytesMax,
          room,
          directory.path);
    }
  }

  @Override
  public byte[] header() throws IOException {
    try (FileChannel channel = directory.openIfThere(HEADER)) {
      if (channel == null) {
        return new byte[0];
      }
      directory.requireOurs(HEADER);
      ByteBuffer bytes =
          ByteBuffer.allocate((int) Math.min(channel.size(), StoreHeader.BYTES_MAX + 64L));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // on to its end
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    }
  }

  // Also where the directory was moved: what is in it must not be used, should it be put back.
  @Override
  public void header(byte[] bytes) throws IOException {
    directory.delete(NEXT_HEADER);
    try (FileChannel channel = directory.make(NEXT_HEADER)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    directory.rename(NEXT_HEADER, HEADER);
    directory.force();
  }

  @Override
  public List<Integer> numbers() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    for (String each : directory.names()) {
      Matcher name = SLAB.matcher(each);
      if (name.matches()) {
        numbers.add(Integer.valueOf(name.group(1)));
      }
    }
    numbers.sort(null);
    return numbers;
  }

  private static String slab(int number) {
    return "slab-%07d".formatted(number);
  }

  @Override
  public SlabFile open(int number) throws IOException {
    directory.requireThere();
    String name = slab(number);
    FileChannel channel = opened(directory, name);
    try {
      directory.requireOurs(name);
      return new ChannelSlab(channel, directory);
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  @Override
  public void delete(int number) throws IOException {
    directory.delete(slab(number));
  }

  @Override
  public void close() throws IOException {
    try (directory) {
      lock.close();
    }
  }
}
