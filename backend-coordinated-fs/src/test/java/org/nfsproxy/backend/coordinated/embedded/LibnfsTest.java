package org.nfsproxy.backend.coordinated.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.backend.coordinated.EngineRig;

/** Another client than ours: libnfs' tools (Debian package libnfs-utils) against the origin. */
@Tag("libnfs")
class LibnfsTest {
  private final EngineRig rig = new EngineRig();
  private Vertx vertx;
  private EmbeddedOrigin origin;

  @TempDir Path folder;

  @BeforeEach
  void start() throws Exception {
    boolean installed = Files.isExecutable(Path.of("/usr/bin/nfs-ls"));
    if (!installed) {
      System.out.println("LibnfsTest is left out: nfs-ls is missing (package libnfs-utils)");
    }
    assumeTrue(installed, "nfs-ls is missing (package libnfs-utils)");
    vertx = Vertx.vertx();
    origin = await(EmbeddedOrigin.start(vertx, rig.files, 0));
  }

  @AfterEach
  void stop() throws Exception {
    if (vertx != null) {
      await(vertx.close());
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private String url(String path) {
    return "nfs://127.0.0.1"
        + path
        + "?version=3&uid=0&gid=0&nfsport="
        + origin.port()
        + "&mountport="
        + origin.port();
  }

  private byte[] run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "out", "");
    Path errors = Files.createTempFile(folder, "err", "");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + read(errors));
    return Files.readAllBytes(output);
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  @Test
  void nfsLs_recursive_listsBothFilesystems() throws Exception {
    rig.root.create(rig.export, "readme").ok();
    rig.root.symlink(rig.export, "link", "readme".getBytes(StandardCharsets.UTF_8)).ok();
    byte[] below = rig.root.mkdir(rig.inner, "below").ok();
    rig.root.write(rig.root.create(below, "file").ok(), 0, 2, new byte[12345]);
    String listing = new String(run("nfs-ls", "-R", url("/export")), StandardCharsets.UTF_8);
    for (String name : new String[] {"readme", "link", "inner", "deep", "below", "file"}) {
      assertTrue(listing.contains(name), listing);
    }
    assertTrue(listing.contains("12345"), listing);
  }

  @Test
  void nfsCat_largeFile_givesItsBytes() throws Exception {
    byte[] contents = new byte[3_000_001];
    new Random(1).nextBytes(contents);
    byte[] file = rig.root.create(rig.inner, "file").ok();
    for (int at = 0; at < contents.length; at += 1_000_000) {
      int end = Math.min(contents.length, at + 1_000_000);
      rig.root.write(file, at, 2, java.util.Arrays.copyOfRange(contents, at, end));
    }
    assertArrayEquals(contents, run("nfs-cat", url("/export/inner/deep/file")));
  }

  @Test
  void nfsCp_thereAndBack_keepsTheBytes() throws Exception {
    byte[] contents = new byte[2_500_003];
    new Random(2).nextBytes(contents);
    Path source = Files.write(folder.resolve("source"), contents);
    Path back = folder.resolve("back");
    run("nfs-cp", source.toString(), url("/export/copy"));
    run("nfs-cp", url("/export/copy"), back.toString());
    assertArrayEquals(contents, Files.readAllBytes(back));
    byte[] copy = rig.root.lookup(rig.export, "copy").handle();
    assertEquals(contents.length, rig.root.getattr(copy).ok().size());
  }
}
