package org.nfsproxy.server.fakes;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.nfsproxy.rpc.RecordMarking;

/** A blocking socket that sends any bytes, and reads bytes or records. */
public class RecordSocket implements Closeable {
  private final Socket socket;
  private final DataInputStream in;

  RecordSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /**
   * The socket itself.
   *
   * @return for what is not here
   */
  public Socket socket() {
    return socket;
  }

  /**
   * Sends bytes in one segment, if they fit.
   *
   * @param parts the bytes
   * @throws IOException if the other side has closed
   */
  public void send(byte[]... parts) throws IOException {
    socket.getOutputStream().write(Wire.concat(parts));
  }

  /**
   * Sends bytes to a side that may close while they are on their way.
   *
   * @param parts the bytes
   * @return whether it was still open
   */
  public boolean sendIfOpen(byte[]... parts) {
    try {
      send(parts);
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  /**
   * Sends bytes one by one, each in a segment of its own.
   *
   * @param bytes the bytes
   * @throws IOException if the other side has closed
   */
  public void drip(byte[] bytes) throws IOException {
    for (byte each : bytes) {
      socket.getOutputStream().write(each);
    }
  }

  /**
   * Reads a whole record, however it is fragmented.
   *
   * @return its message; null if the other side has closed instead of sending any byte of it
   * @throws IOException if the stream ends inside the record
   */
  public byte[] receive() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    int marker = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(bytes(RecordMarking.length(marker)));
    while (!RecordMarking.isLast(marker)) {
      marker = in.readInt();
      message.writeBytes(bytes(RecordMarking.length(marker)));
    }
    return message.toByteArray();
  }

  /**
   * Reads bytes.
   *
   * @param length how many
   * @return the bytes
   * @throws IOException if the other side closes before they are all there
   */
  public byte[] bytes(int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /**
   * Waits until the other side closes, or fails the test.
   *
   * @return what it sent before
   * @throws IOException never because of the close
   */
  public byte[] awaitClosed() throws IOException {
    ByteArrayOutputStream before = new ByteArrayOutputStream();
    byte[] piece = new byte[1 << 16];
    try {
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        before.write(piece, 0, length);
      }
    } catch (SocketTimeoutException open) {
      fail("the connection is still open");
    } catch (EOFException | SocketException closed) {
      return before.toByteArray();
    }
    return before.toByteArray();
  }

  /**
   * Whether nothing comes for a moment, and the connection stays.
   *
   * @param millis how long to listen
   * @return false if a byte came, or the end
   * @throws IOException if the connection broke
   */
  public boolean isQuiet(int millis) throws IOException {
    int usual = socket.getSoTimeout();
    socket.setSoTimeout(millis);
    try {
      in.read();
      return false;
    } catch (SocketTimeoutException quiet) {
      return true;
    } finally {
      socket.setSoTimeout(usual);
    }
  }

  /**
   * Closes with a reset instead of an orderly end.
   *
   * @throws IOException if that fails
   */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
