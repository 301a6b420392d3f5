package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.server.member.MemberSecret;

/** A home that knows the secret, and says what it is told to say and nothing else. */
final class SilentHome implements AutoCloseable {
  private final MemberSecret secret =
      new MemberSecret("cache of " + FleetRig.ORIGIN, FleetRig.SECRET);
  private final String name;
  private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final BlockingQueue<NeighbourFrame> heard = new LinkedBlockingQueue<>();
  private volatile Socket socket = new Socket();

  SilentHome(String name) throws IOException {
    this.name = name;
    Thread thread = new Thread(this::run, "silent home");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  private void run() {
    try {
      socket = server.accept();
      byte[] nonce = secret.nonce();
      say(new NeighbourFrame.Challenge(NeighbourFrame.FORM, nonce));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        byte[] record = new byte[in.readInt() & 0x7fffffff];
        in.readFully(record);
        NeighbourFrame frame = NeighbourFrame.read(Unpooled.wrappedBuffer(record));
        if (frame instanceof NeighbourFrame.Hello hello) {
          say(new NeighbourFrame.Welcome(secret.ofOwner(nonce, hello.nonce(), name), name));
        } else if (!(frame instanceof NeighbourFrame.Alive)) {
          heard.add(frame);
        }
      }
    } catch (IOException over) {
      heard.add(new NeighbourFrame.Alive());
    }
  }

  synchronized void say(NeighbourFrame frame) throws IOException {
    socket.getOutputStream().write(ByteBufUtil.getBytes(NeighbourFrame.record(frame)));
  }

  /** The next frame that is more than a sign of life. */
  NeighbourFrame next() throws InterruptedException {
    NeighbourFrame next = heard.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }

  NeighbourFrame.Ask asked() throws InterruptedException {
    return (NeighbourFrame.Ask) next();
  }

  @Override
  public void close() throws IOException {
    server.close();
    socket.close();
  }
}
