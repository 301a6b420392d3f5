package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
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
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.member.FrameSeal;
import org.nfsproxy.server.member.MemberSecret;

/** A home that knows the secret, and says what it is told to say and nothing else. */
final class SilentHome implements AutoCloseable {
  private final MemberSecret secret = NeighbourFrame.secret(FleetRig.ORIGIN, FleetRig.SECRET);
  private final String name;
  private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final BlockingQueue<NeighbourFrame> heard = new LinkedBlockingQueue<>();
  private volatile @Nullable FrameSeal sealing;
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
      FrameSeal opening = null;
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        byte[] record = new byte[in.readInt() & 0x7fffffff];
        in.readFully(record);
        ByteBuf came = Unpooled.wrappedBuffer(record);
        NeighbourFrame frame = NeighbourFrame.read(opening == null ? came : opening.opened(came));
        if (frame instanceof NeighbourFrame.Hello hello) {
          opening = secret.ofMembersFrames(nonce, hello.nonce());
          say(new NeighbourFrame.Welcome(secret.ofOwner(nonce, hello.nonce(), name), name));
          sealing = secret.ofOwnersFrames(nonce, hello.nonce());
        } else if (!(frame instanceof NeighbourFrame.Alive)) {
          heard.add(frame);
        }
      }
    } catch (IOException | FrameSeal.BrokenException over) {
      heard.add(new NeighbourFrame.Alive());
    }
  }

  synchronized void say(NeighbourFrame frame) throws IOException {
    ByteBuf record = Unpooled.wrappedBuffer(Told.record(frame));
    ByteBuf said = sealing == null ? record : sealing.sealed(record);
    socket.getOutputStream().write(ByteBufUtil.getBytes(said));
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
