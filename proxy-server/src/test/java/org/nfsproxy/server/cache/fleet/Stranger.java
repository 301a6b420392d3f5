package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.member.FrameSeal;
import org.nfsproxy.server.member.MemberSecret;

/** Somebody who connects to a home and proves what it can. */
final class Stranger implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;
  private @Nullable FrameSeal sealing;

  /** What it said of itself. */
  final NeighbourFrame.Hello hello;

  Stranger(int port, byte[] known, String name) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    in = new DataInputStream(socket.getInputStream());
    NeighbourFrame.Challenge challenge = (NeighbourFrame.Challenge) next();
    MemberSecret secret = NeighbourFrame.secret(FleetRig.ORIGIN, known);
    byte[] nonce = secret.nonce();
    hello =
        new NeighbourFrame.Hello(
            NeighbourFrame.FORM, nonce, secret.ofMember(challenge.nonce(), nonce, name), name);
    say(hello);
    sealing = secret.ofMembersFrames(challenge.nonce(), nonce);
  }

  private NeighbourFrame next() throws IOException {
    byte[] record = new byte[in.readInt() & 0x7fffffff];
    in.readFully(record);
    return NeighbourFrame.read(Unpooled.wrappedBuffer(record));
  }

  final void say(NeighbourFrame frame) throws IOException {
    try {
      ByteBuf record = Unpooled.wrappedBuffer(Told.record(frame));
      ByteBuf said = sealing == null ? record : sealing.sealed(record);
      socket.getOutputStream().write(ByteBufUtil.getBytes(said));
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
