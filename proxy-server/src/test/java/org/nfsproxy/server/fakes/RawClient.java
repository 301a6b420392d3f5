package org.nfsproxy.server.fakes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that sends whatever a test wants, and waits for what comes. */
public final class RawClient extends RecordSocket {
  private RawClient(Socket socket) throws IOException {
    super(socket);
    socket.setSoTimeout(Eventually.MILLIS_MAX);
  }

  /**
   * Connects.
   *
   * @param port at the loopback address
   * @return the client
   * @throws IOException if nobody listens
   */
  public static RawClient connect(int port) throws IOException {
    return connect(port, 0);
  }

  /**
   * Connects to a certain address.
   *
   * @param address of this machine
   * @param port there
   * @return the client
   * @throws IOException if nobody listens
   */
  public static RawClient connectTo(String address, int port) throws IOException {
    return new RawClient(new Socket(address, port));
  }

  /**
   * Connects from a certain address.
   *
   * @param address of this machine; all of 127.0.0.0/8 are
   * @param port at the loopback address
   * @return the client
   * @throws IOException if nobody listens
   */
  public static RawClient connectFrom(String address, int port) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return new RawClient(new Socket(loopback, port, InetAddress.getByName(address), 0));
  }

  /**
   * Connects with a small window, so that little is on the way when the client does not read.
   *
   * @param port at the loopback address
   * @param receiveBytes the kernel's buffer; 0 for its own choice
   * @return the client
   * @throws IOException if nobody listens
   */
  public static RawClient connect(int port, int receiveBytes) throws IOException {
    Socket socket = new Socket();
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Eventually.MILLIS_MAX);
    return new RawClient(socket);
  }

  /**
   * A client over a socket that is connected already.
   *
   * @param socket for example of TLS
   * @return the client
   * @throws IOException if the socket is closed
   */
  static RawClient over(Socket socket) throws IOException {
    return new RawClient(socket);
  }

  /**
   * Sends a record and waits for one.
   *
   * @param record what to send
   * @return the message that came; null if the connection was closed instead
   * @throws IOException if the connection broke
   */
  public byte[] ask(byte[] record) throws IOException {
    send(record);
    return receive();
  }
}
