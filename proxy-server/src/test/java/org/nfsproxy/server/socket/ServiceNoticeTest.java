package org.nfsproxy.server.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceNoticeTest {
  @TempDir private Path folder;

  @BeforeEach
  void epoll() {
    Assumptions.assumeTrue(Epoll.isAvailable(), "no epoll here");
  }

  private static void isTold(String bound, String variable) throws IOException {
    Socket manager = Socket.newSocketDomainDgram();
    try {
      manager.bind(new DomainSocketAddress(bound));
      ServiceNotice.ready(variable);
      ByteBuffer told = ByteBuffer.allocateDirect(100);
      int length = manager.recv(told, 0, 100);
      assertEquals("READY=1", StandardCharsets.US_ASCII.decode(told.limit(length)).toString());
    } finally {
      manager.close();
    }
  }

  @Test
  void managerAtAPath_isTold() throws IOException {
    String path = folder.resolve("notify").toString();
    isTold(path, path);
  }

  @Test
  void managerAtAnAbstractName_isTold() throws IOException {
    String name = "nfs-proxy-test-" + ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
    isTold("\0" + name, "@" + name);
  }

  // Serving goes on.
  @Test
  void managerThatIsNotThere_isNoFailure() {
    ServiceNotice.ready(folder.resolve("nobody").toString());
    ServiceNotice.ready(null);
    ServiceNotice.ready("");
  }
}
