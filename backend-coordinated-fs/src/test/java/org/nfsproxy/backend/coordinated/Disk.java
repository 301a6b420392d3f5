package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A filesystem of this machine's kernel, mounted for a test. Only root can. */
public final class Disk implements AutoCloseable {
  /** What Linux's own filesystems are. */
  public enum Kind {
    EXT4,
    XFS,
    BTRFS,
    TMPFS;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final long IMAGE_BYTES = 400L << 20;

  /** Where it is mounted. */
  public final Path path;

  private Disk(Path path) {
    this.path = path;
  }

  /** Says so where this machine cannot: a test that is left out is no test that passed. */
  public static void need(Kind kind) {
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    left(isRoot, "the kernel's filesystems are mounted by root only");
    Path mkfs = Path.of("/usr/sbin/mkfs." + kind.word());
    left(kind == Kind.TMPFS || Files.isExecutable(mkfs), mkfs + " is missing");
  }

  private static void left(boolean can, String why) {
    if (!can) {
      System.out.println("a test of kernel filesystems is left out: " + why);
    }
    assumeTrue(can, why);
  }

  /** Mounts a new one; the directory is made. */
  public static Disk mount(Kind kind, Path path) throws Exception {
    need(kind);
    Files.createDirectories(path);
    if (kind == Kind.TMPFS) {
      run("mount", "-t", "tmpfs", "-o", "mode=755", "none", path.toString());
    } else {
      Path image = Files.createTempFile("nfs-proxy-test", "." + kind.word());
      try (var file = Files.newByteChannel(image, java.nio.file.StandardOpenOption.WRITE)) {
        file.position(IMAGE_BYTES - 1).write(java.nio.ByteBuffer.wrap(new byte[1]));
      }
      run("mkfs." + kind.word(), "-q", image.toString());
      run("mount", "-o", "loop", image.toString(), path.toString());
      Files.delete(image); // the loop device keeps it
    }
    return new Disk(path);
  }

  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(true, process.waitFor(60, TimeUnit.SECONDS), List.of(command).toString());
    assertEquals(0, process.exitValue(), List.of(command) + ": " + said);
    return said;
  }

  /** Unmounts it. */
  @Override
  public void close() throws Exception {
    run("umount", path.toString());
  }
}
