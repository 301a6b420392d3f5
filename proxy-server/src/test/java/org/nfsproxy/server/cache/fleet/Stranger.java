package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.nfsproxy.server.member.MemberSecret;

/** Somebody who connects to a home and proves what it can. */
final class Stranger implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;

  /** What it said of itself. */
  final NeighbourFrame.Hello hello;

  Stranger(int port, byte[] known, String name) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    in = new DataInputStream(socket.getInputStream());
    NeighbourFrame.Challenge challenge = (NeighbourFrame.Challenge) next();
    MemberSecret secret = new MemberSecret("cache of " + FleetRig.ORIGIN, known);
    byte[] nonce = secret.nonce();
    hello = new NeighbourFrame.Hello(nonce, secret.ofMember(challenge.nonce(), nonce, name), name);
    say(hello);
  }

  private NeighbourFrame next() throws IOException {
    byte[] record = new byte[in.readInt() & 0x7fffffff];
    in.readFully(record);
    return NeighbourFrame.read(Unpooled.wrappedBuffer(record));
  }

  void say(NeighbourFrame frame) throws IOException {
    try {
      socket.getOutputStream().write(ByteBufUtil.getBytes(NeighbourFrame.record(frame)));
    } catch (IOException closed) {
      return; // the other side has had enough
    }
  }

  /** Whether the connection ends and nothing but signs of life came. */
  boolean isClosedWithoutAWord() {
    try {
      while (next() instanceof NeighbourFrame.Alive) {
        continue;
      }
      return false;
    } catch (IOException closed) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
