package org.nfsproxy.server.fakes;

import java.io.IOException;
import java.net.Socket;

/** One connection that a fake origin has accepted. */
// It waits without end for what comes: an origin that gave up would close, and a test that waits
// for the proxy to close a client would take the one for the other.
public final class FakeOriginConnection extends RecordSocket {
  private final int number;

  FakeOriginConnection(Socket socket, int number) throws IOException {
    super(socket);
    this.number = number;
  }

  /**
   * Which of the origin's connections this is.
   *
   * @return from 0, in the order they were accepted
   */
  public int number() {
    return number;
  }

  /**
   * Answers every call with SUCCESS and the call itself as result, until the connection ends.
   *
   * @throws IOException if the connection broke
   */
  public void echo() throws IOException {
    for (byte[] call = receive(); call != null; call = receive()) {
      send(Wire.reply(Wire.word(call, 0), call));
    }
  }

  /**
   * Takes whatever comes, says nothing, and waits for the end.
   *
   * @throws IOException if the connection broke
   */
  public void beSilent() throws IOException {
    byte[] piece = new byte[1 << 16];
    while (socket().getInputStream().read(piece) >= 0) {
      continue;
    }
  }
}
