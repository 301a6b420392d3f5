package org.nfsproxy.server.probe;

import io.vertx.core.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RpcClient;
import org.nfsproxy.server.probe.NoAnswerException.Kind;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * Questions to one port of the origin, one at a time. Connected with the first question, and anew
 * when the connection is lost.
 */
// A server that hangs or breaks each connection would take all the time there is: after a few such
// ends in a row everything further is answered with the last reason, at once.
final class ProbeConnection implements AutoCloseable {
  /** As long as the proxy waits for a portmapper. */
  static final long QUESTION_MILLIS = 5_000;

  /**
   * Silences, lost connections and garbage, one after the other, until nobody is asked any more.
   */
  private static final int FAULTS_MAX = 2;

  /** A Linux server that looks an export up for the first time says DELAY (JUKEBOX) meanwhile. */
  private static final int DELAYS_MAX = 10;

  private static final long DELAY_MILLIS = 200;

  private final TimeLeft time;
  private final ProbeConnector connector;
  private final SocketAddress server;
  private @Nullable RpcClient client;
  private int faults;
  private @Nullable NoAnswerException last;

  ProbeConnection(TimeLeft time, ProbeConnector connector, String host, int port) {
    this.time = time;
    this.connector = connector;
    this.server = SocketAddress.inetSocketAddress(port, host);
  }

  /**
   * Asks, again for a while where the server says DELAY.
   *
   * @param program as on the wire
   * @param version as on the wire
   * @param procedure as on the wire
   * @throws NoAnswerException if there is none
   */
  <T> T ask(
      int program,
      int version,
      int procedure,
      CallCredential as,
      Consumer<XdrWriter> arguments,
      Reading<T> reading)
      throws NoAnswerException {
    for (int delays = 0; ; delays++) {
      try {
        return askOnce(program, version, procedure, as, arguments, reading);
      } catch (NoAnswerException none) {
        if (none.status() != StatusName.DELAY || delays == DELAYS_MAX) {
          throw none;
        }
        time.pass(DELAY_MILLIS);
      }
    }
  }

  private <T> T askOnce(
      int program,
      int version,
      int procedure,
      CallCredential as,
      Consumer<XdrWriter> arguments,
      Reading<T> reading)
      throws NoAnswerException {
    if (last != null && faults >= FAULTS_MAX) {
      throw last;
    }
    try {
      XdrReader results =
          time.await(client().call(program, version, procedure, as, arguments), QUESTION_MILLIS);
      T answer = reading.read(results);
      faults = 0;
      return answer;
    } catch (XdrException garbage) {
      throw fault(NoAnswerException.because(Kind.GARBAGE, "garbage: " + garbage.getMessage()));
    } catch (NoAnswerException none) {
      throw none.isRefusal() ? refused(none) : fault(none);
    }
  }

  private NoAnswerException refused(NoAnswerException none) {
    faults = 0;
    return none;
  }

  private NoAnswerException fault(NoAnswerException none) {
    faults++;
    last = none;
    close();
    return none;
  }

  private RpcClient client() throws NoAnswerException {
    if (client == null) {
      try {
        client = time.await(connector.connect(server), QUESTION_MILLIS);
      } catch (NoAnswerException none) {
        throw none.kind() == Kind.NO_TLS
            ? none
            : NoAnswerException.because(Kind.UNREACHED, none.getMessage());
      }
    }
    return client;
  }

  /** NULL: whether a program's version is served here. */
  void ping(int program, int version) throws NoAnswerException {
    ask(program, version, 0, CallCredential.NONE, out -> {}, in -> in);
  }

  /** Why nobody is asked here any more; null as long as somebody is. */
  @Nullable String givenUp() {
    return last != null && faults >= FAULTS_MAX ? last.getMessage() : null;
  }

  /** Where it goes to. */
  int port() {
    return server.port();
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
