package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nfsproxy.backend.coordinated.embedded.EmbeddedOrigin;

/** libnfs' tools (Debian package libnfs-utils) against the kernel's filesystems. */
@Tag("libnfs")
@ExtendWith(OnFileThread.class)
class KernelLibnfsTest {
  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void file_copiedByLibnfs_isListedAndReadBack(Disk.Kind kind) throws Exception {
    boolean installed = Files.isExecutable(Path.of("/usr/bin/nfs-ls"));
    if (!installed) {
      System.out.println("KernelLibnfsTest is left out: nfs-ls is missing (package libnfs-utils)");
    }
    assumeTrue(installed, "nfs-ls is missing (package libnfs-utils)");
    Vertx vertx = Vertx.vertx();
    try (KernelRig rig = new KernelRig(kind, "m", "m/in")) {
      EmbeddedOrigin origin = await(EmbeddedOrigin.start(vertx, rig.files, 0));
      String suffix =
          "?version=3&uid=0&gid=0&nfsport=" + origin.port() + "&mountport=" + origin.port();
      String url = "nfs://127.0.0.1" + rig.path("m");
      byte[] bytes = new byte[3_000_001];
      new Random(3).nextBytes(bytes);
      Path source = Files.write(rig.folder.resolve("source"), bytes);
      Disk.run("nfs-cp", source.toString(), url + "/in/copy" + suffix);
      assertArrayEquals(bytes, Files.readAllBytes(rig.path("m/in/copy")));
      Disk.run("nfs-cp", url + "/in/copy" + suffix, rig.folder.resolve("back").toString());
      assertArrayEquals(bytes, Files.readAllBytes(rig.folder.resolve("back")));
      String listed = Disk.run("nfs-ls", url + "/in" + suffix);
      assertEquals(true, listed.contains("3000001 copy"), listed);
      await(origin.close());
    } finally {
      await(vertx.close());
    }
  }
}
