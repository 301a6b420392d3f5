package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
import org.nfsproxy.backend.coordinated.embedded.EmbeddedOrigin;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.backend.coordinated.files.WccData;

/**
 * Over a socket, found by ServiceLoader: libnfs' tools (Debian package libnfs-utils), NFSv4.0.
 * Their version 4.0.0 cannot encode a WRITE of 4 KiB, so what they write is small.
 */
@Tag("libnfs")
class LibnfsNfs4Test {
  private Rig rig;
  private Vertx vertx;
  private EmbeddedOrigin origin;

  @TempDir Path folder;

  @BeforeEach
  void start() throws Exception {
    boolean installed = Files.isExecutable(Path.of("/usr/bin/nfs-ls"));
    if (!installed) {
      System.out.println("LibnfsNfs4Test is left out: nfs-ls is missing (package libnfs-utils)");
    }
    assumeTrue(installed, "nfs-ls is missing (package libnfs-utils)");
    rig = new Rig();
    vertx = Vertx.vertx();
    origin = await(EmbeddedOrigin.start(vertx, rig.files, 0));
  }

  @AfterEach
  void stop() throws Exception {
    if (vertx != null) {
      await(origin.close());
      await(vertx.close());
      rig.close();
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private String url(String path) {
    return "nfs://127.0.0.1" + path + "?version=4&uid=0&gid=0&nfsport=" + origin.port();
  }

  private byte[] run(String... command) throws Exception {
    Path output = Files.createTempFile(folder, "out", "");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectErrorStream(true)
            .start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    byte[] said = Files.readAllBytes(output);
    assertEquals(
        0,
        process.waitFor(),
        () -> String.join(" ", command) + new String(said, StandardCharsets.ISO_8859_1));
    return said;
  }

  @Test
  void nfsLs_recursive_listsBothFilesystems() throws Exception {
    CreateHow how = new CreateHow.Guarded(AttributeChange.mode(0644));
    rig.files.create(UserIds.ROOT, rig.inner, Rig.text("below"), how, new WccData());
    String listing = new String(run("nfs-ls", "-R", url("/export")), StandardCharsets.UTF_8);
    assertTrue(listing.contains("inner/below"), listing);
    assertTrue(new String(run("nfs-ls", url("/")), StandardCharsets.UTF_8).contains("export"));
  }

  @Test
  void nfsCat_largeFile_givesItsBytes() throws Exception {
    byte[] contents = new byte[3_000_001];
    new Random(1).nextBytes(contents);
    CreateHow how = new CreateHow.Guarded(AttributeChange.mode(0644));
    ObjectHandle file =
        rig.files.create(UserIds.ROOT, rig.inner, Rig.text("f"), how, new WccData()).handle();
    rig.files.write(
        UserIds.ROOT, file, 0, Unpooled.wrappedBuffer(contents), StableHow.FILE_SYNC, new WccData());
    assertArrayEquals(contents, run("nfs-cat", url("/export/inner/f")));
  }

  @Test
  void nfsCp_thereAndBack_keepsTheBytes() throws Exception {
    byte[] contents = new byte[3000];
    new Random(2).nextBytes(contents);
    Path source = Files.write(folder.resolve("source"), contents);
    Path back = folder.resolve("back");
    run("nfs-cp", source.toString(), url("/export/copy"));
    run("nfs-cp", url("/export/copy"), back.toString());
    assertArrayEquals(contents, Files.readAllBytes(back));
  }
}
