package org.nfsproxy.server.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private Vertx vertx;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private boolean run(ProxyStarter starter) throws Exception {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return await(Demo.run(vertx, starter, out));
  }

  private String output() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private List<String> rows() {
    return output().lines().filter(line -> line.startsWith("/export")).toList();
  }

  /** Changes the first byte of each filehandle: its layout's version. */
  private static void changeVersion(ByteBuf record, int from, int to) {
    for (int at = 0; at + 8 <= record.writerIndex(); at += 4) {
      boolean handle =
          record.getInt(at) == from << 24
              && record.getUnsignedShort(at + 4) <= 4
              && record.getUnsignedShort(at + 6) == 1;
      if (handle) {
        record.setByte(at, to);
      }
    }
  }

  @Test
  void throughTheOriginItself_allIsTheSame() throws Exception {
    assertTrue(run((originPort, listenPort) -> Future.succeededFuture(originPort)), output());
    assertEquals(17, rows().size(), output());
    for (String row : rows()) {
      assertTrue(row.matches(".* yes +ok +(ok|-)"), row);
    }
    assertTrue(output().contains("17 of 17 objects in 4 filesystems are the same"), output());
  }

  @Test
  void once_comparesOnAnyPort_andSaysNothingOfStaying() throws Exception {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    ProxyStarter starter =
        (originPort, listenPort) -> {
          assertEquals(0, listenPort);
          return Future.succeededFuture(originPort);
        };
    assertTrue(await(Demo.once(vertx, starter, out)), output());
    assertTrue(output().contains("17 of 17 objects"), output());
    assertFalse(output().contains("Ctrl-C"), output());
  }

  @Test
  void table_showsEachFilesystemWithItsHandleLength() throws Exception {
    run((originPort, listenPort) -> Future.succeededFuture(originPort));
    for (String pattern :
        new String[] {
          "/export +1001 +28 bytes +28 bytes .*",
          "/export/projects +2002 +32 bytes +32 bytes .*",
          "/export/projects/archive +3003 +41 bytes +41 bytes .*",
          "/export/scratch +4004 +64 bytes +64 bytes .*",
          "/export/one/two/three/four/five/leaf.txt .*",
          "/export/scratch/work/caf\u00e9.txt .*"
        }) {
      assertTrue(rows().stream().anyMatch(row -> row.matches(pattern)), pattern + output());
    }
  }

  @Test
  void output_saysHowToLookOnThePortThatListens() throws Exception {
    int[] port = new int[1];
    run(
        (originPort, listenPort) -> {
          port[0] = originPort;
          return Future.succeededFuture(originPort);
        });
    String url = "nfs://127.0.0.1/export?version=3&nfsport=" + port[0] + "&mountport=" + port[0];
    assertTrue(output().contains("nfs-ls -R '" + url + "'"), output());
    assertTrue(output().contains("port=" + port[0] + ",mountport=" + port[0] + ",mountproto=tcp"));
  }

  @Test
  void starter_isToldTheUsualPort() throws Exception {
    int[] port = new int[1];
    run(
        (originPort, listenPort) -> {
          port[0] = listenPort;
          return Future.succeededFuture(originPort);
        });
    assertEquals(20490, port[0]);
  }

  @Test
  void handlesChangedAndChangedBack_workButAreNotTheSame() throws Exception {
    boolean good =
        run(
            (originPort, listenPort) ->
                RecordPump.start(
                    vertx,
                    originPort,
                    call -> changeVersion(call, 2, 1),
                    reply -> changeVersion(reply, 1, 2)));
    assertFalse(good);
    for (String row : rows()) {
      assertTrue(row.matches(".* no +ok +(ok|-)"), row);
    }
    assertTrue(output().contains("0 of 17 objects"), output());
    assertTrue(output().contains("FAILED"), output());
    assertFalse(output().contains("Look yourself"), output());
  }

  @Test
  void handlesBroken_areRowsThatSaySo() throws Exception {
    boolean good =
        run(
            (originPort, listenPort) ->
                RecordPump.start(
                    vertx, originPort, call -> {}, reply -> changeVersion(reply, 1, 2)));
    assertFalse(good);
    assertEquals(17, rows().size(), output());
    for (String row : rows()) {
      assertTrue(row.matches(".* bytes +none +no +FAILED +(FAILED|-)"), row);
    }
  }

  /** READDIRPLUS alone: LOOKUP's handles, at the beginning of its results, stay as they are. */
  @Test
  void handlesInListingsChanged_areNotTheSame() throws Exception {
    boolean good =
        run(
            (originPort, listenPort) ->
                RecordPump.start(
                    vertx,
                    originPort,
                    call -> {},
                    reply -> {
                      if (reply.readableBytes() > 400) {
                        changeVersion(reply, 1, 2);
                      }
                    }));
    assertFalse(good);
    assertTrue(rows().get(0).matches("/export .* no +ok +ok"), output());
  }

  /** The 1 MiB file alone: replies of that size have a bit changed in the middle. */
  @Test
  void contentsChanged_isARowThatSaysSo() throws Exception {
    boolean good =
        run(
            (originPort, listenPort) ->
                RecordPump.start(
                    vertx,
                    originPort,
                    call -> {},
                    reply -> {
                      if (reply.readableBytes() > 200_000) {
                        reply.setByte(150_000, reply.getByte(150_000) ^ 1);
                      }
                    }));
    assertFalse(good);
    Pattern failed = Pattern.compile(".* yes +FAILED +-");
    List<String> wrong = rows().stream().filter(failed.asMatchPredicate()).toList();
    assertEquals(1, wrong.size(), output());
    assertTrue(wrong.get(0).startsWith("/export/mebibyte.bin"), output());
    assertTrue(output().contains("16 of 17 objects"), output());
  }

  @Test
  void writesLost_areRowsThatSaySo() throws Exception {
    boolean good =
        run(
            (originPort, listenPort) ->
                RecordPump.start(
                    vertx,
                    originPort,
                    call -> {
                      if (call.readableBytes() > 10_000) {
                        call.setByte(5_000, call.getByte(5_000) ^ 1);
                      }
                    },
                    reply -> {}));
    assertFalse(good);
    assertTrue(rows().stream().anyMatch(row -> row.matches(".* yes +ok +FAILED")), output());
  }

  @Test
  void portTaken_isExplainedWithACure() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
      NetServer proxy = vertx.createNetServer().connectHandler(socket -> {});
      boolean good =
          await(
              Demo.run(
                  vertx,
                  (originPort, listenPort) ->
                      proxy.listen(listenPort, "127.0.0.1").map(NetServer::actualPort),
                  out,
                  taken.getLocalPort()));
      assertFalse(good);
      assertTrue(output().contains("cannot listen on 127.0.0.1:" + taken.getLocalPort()));
      assertTrue(output().contains("ss -ltnp"), output());
    }
  }

  @Test
  void proxyThatListensNowhere_isExplained() throws Exception {
    int nowhere;
    try (ServerSocket free = new ServerSocket(0)) {
      nowhere = free.getLocalPort();
    }
    assertFalse(run((originPort, listenPort) -> Future.succeededFuture(nowhere)));
    assertTrue(output().startsWith("The demo failed: Connection refused"), output());
  }

  @Test
  void proxyThatFails_isExplained() throws Exception {
    assertFalse(
        run((originPort, listenPort) -> Future.failedFuture(new IllegalStateException("no luck"))));
    assertTrue(output().startsWith("The demo failed: no luck"), output());
  }
}
