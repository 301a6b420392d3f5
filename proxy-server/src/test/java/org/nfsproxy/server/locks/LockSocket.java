package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrWriter;

/** One side of a TCP connection of RPC, written without anything of what it tests. Blocks. */
final class LockSocket implements Closeable {
  static final int NLM = 100021;
  static final int NSM = 100024;
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;

  LockSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = new DataInputStream(socket.getInputStream());
  }

  static LockSocket connect(String from, String to, int port) {
    try {
      return new LockSocket(
          new Socket(InetAddress.getByName(to), port, InetAddress.getByName(from), 0));
    } catch (IOException wrong) {
      throw new UncheckedIOException(wrong);
    }
  }

  InetAddress peer() {
    return socket.getInetAddress();
  }

  /** A call without its marker. */
  static byte[] call(
      int xid,
      int program,
      int version,
      int procedure,
      CallCredential credential,
      Consumer<XdrWriter> arguments) {
    ByteBuf record = Unpooled.buffer();
    XdrWriter out = new XdrWriter(record).int32(xid).int32(0).int32(2);
    out.int32(program).int32(version).int32(procedure);
    credential.write(out);
    out.int32(0).int32(0);
    arguments.accept(out);
    return ByteBufUtil.getBytes(record);
  }

  /** A successful reply without its marker. */
  static byte[] reply(int xid, Consumer<XdrWriter> results) {
    ByteBuf record = Unpooled.buffer();
    XdrWriter out = new XdrWriter(record).int32(xid).int32(1).int32(0).int64(0).int32(0);
    results.accept(out);
    return ByteBufUtil.getBytes(record);
  }

  void send(byte[] message) {
    ByteBuffer record = ByteBuffer.allocate(4 + message.length);
    record.putInt(0x8000_0000 | message.length).put(message);
    try {
      socket.getOutputStream().write(record.array());
    } catch (IOException wrong) {
      throw new UncheckedIOException(wrong);
    }
  }

  /** The next record; null at the end of the stream. */
  byte[] receive() {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    try {
      int marker;
      do {
        marker = in.readInt();
        record.write(in.readNBytes(marker & 0x7fff_ffff));
      } while (marker >= 0);
      return record.toByteArray();
    } catch (EOFException end) {
      return null;
    } catch (IOException wrong) {
      throw new UncheckedIOException(wrong);
    }
  }

  /** Whether nothing comes for a moment. */
  boolean isSilent(int millis) {
    try {
      socket.setSoTimeout(millis);
      in.mark(1);
      return in.read() < 0;
    } catch (SocketTimeoutException silent) {
      return true;
    } catch (IOException wrong) {
      throw new UncheckedIOException(wrong);
    } finally {
      restore();
    }
  }

  private void restore() {
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException closed) {
      // the next read says so
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException ignored) {
      // it is gone either way
    }
  }
}
