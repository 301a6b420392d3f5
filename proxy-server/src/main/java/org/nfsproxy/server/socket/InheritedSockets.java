package org.nfsproxy.server.socket;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Listening sockets that were opened before this process began, by a service manager that goes on
 * holding them when it ends: {@code sd_listen_fds(3)}. Which is which, their names say.
 */
public final class InheritedSockets {
  /** The name of a socket that clients come to, {@code FileDescriptorName=nfs}. */
  public static final String CLIENTS = "nfs";

  /** The name of a socket that balancers come to, {@code FileDescriptorName=balancers}. */
  public static final String BALANCERS = "balancers";

  private static final int FIRST_DESCRIPTOR = 3;

  /** More are no list of addresses any more, but a mistake. */
  private static final int DESCRIPTORS_MAX = 64;

  private static final String PID = "LISTEN_PID";
  private static final String COUNT = "LISTEN_FDS";
  private static final String NAMES = "LISTEN_FDNAMES";

  /**
   * One of them, as the environment tells it.
   *
   * @param number the descriptor
   * @param name what it is for
   */
  public record Descriptor(int number, String name) {}

  private final List<InheritedSocket> sockets;

  private InheritedSockets(List<InheritedSocket> sockets) {
    this.sockets = sockets;
  }

  /**
   * Whether a process was given any.
   *
   * @param environment its environment variables
   * @param pid its number: what is meant for a process before it was handed on by mistake
   * @return whether there are any
   */
  public static boolean areThere(Map<String, String> environment, long pid) {
    return Long.toString(pid).equals(environment.get(PID)) && environment.containsKey(COUNT);
  }

  /**
   * Those that a process was given.
   *
   * @param environment its environment variables
   * @param pid its number
   * @return the descriptors; empty if there are none
   * @throws IOException if that cannot be read from the variables
   */
  static List<Descriptor> descriptors(Map<String, String> environment, long pid)
      throws IOException {
    if (!areThere(environment, pid)) {
      return List.of();
    }
    int count = count(environment.get(COUNT));
    String named = environment.get(NAMES);
    String[] names = named == null ? new String[0] : named.split(":", -1);
    if (named != null && names.length != count) {
      throw new IOException(
          "environment variable %s: found %d names, expected as many as %s says, %d"
              .formatted(NAMES, names.length, COUNT, count));
    }
    List<Descriptor> descriptors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      descriptors.add(new Descriptor(FIRST_DESCRIPTOR + i, named == null ? "" : names[i]));
    }
    return descriptors;
  }

  private static int count(@Nullable String text) throws IOException {
    if (text == null || !text.matches("[0-9]{1,3}") || Integer.parseInt(text) > DESCRIPTORS_MAX) {
      throw new IOException(
          "environment variable %s: found \"%s\", expected 0 to %d"
              .formatted(COUNT, text, DESCRIPTORS_MAX));
    }
    return Integer.parseInt(text);
  }

  /**
   * Opens what the process of a runtime was given.
   *
   * @param vertx the runtime
   * @return the sockets, which accept nobody yet
   * @throws IOException if one of them is not a listening TCP socket with a name that is known
   */
  public static InheritedSockets of(Vertx vertx) throws IOException {
    List<InheritedSocket> sockets = new ArrayList<>();
    if (((VertxInternal) vertx).transport() instanceof InheritedTransport transport) {
      for (Descriptor each : transport.descriptors()) {
        if (!Set.of(CLIENTS, BALANCERS).contains(each.name())) {
          throw new IOException(
              "descriptor %d was handed over as \"%s\": expected %s for clients or %s for balancers,"
                      .formatted(each.number(), each.name(), CLIENTS, BALANCERS)
                  + " by FileDescriptorName= of the .socket unit");
        }
        sockets.add(InheritedSocket.open(each, transport));
      }
    }
    return new InheritedSockets(sockets);
  }

  /**
   * Those of one name, held against what is configured.
   *
   * @param name {@link #CLIENTS} or {@link #BALANCERS}
   * @param section the configuration's section that says where to listen
   * @param host what it says
   * @param port what it says; 0 for any
   * @return the sockets; empty if none was handed over
   * @throws IOException if one listens elsewhere
   */
  public List<InheritedSocket> named(String name, String section, String host, int port)
      throws IOException {
    List<InheritedSocket> found = named(name);
    for (InheritedSocket socket : found) {
      socket.expect(section, host, port);
    }
    return found;
  }

  /**
   * Refuses sockets of one name, where nobody would accept.
   *
   * @param name {@link #CLIENTS} or {@link #BALANCERS}
   * @param key what would have to be set
   * @throws IOException if there is one
   */
  public void refuse(String name, String key) throws IOException {
    for (InheritedSocket socket : named(name)) {
      throw new IOException(
          "%s was handed over, and nobody would accept there: set %s, or take it from the .socket unit"
              .formatted(socket, key));
    }
  }

  private List<InheritedSocket> named(String name) {
    return sockets.stream().filter(each -> each.descriptor().name().equals(name)).toList();
  }

  /** Begins to accept on all of them: those who waited are spread over all event loops. */
  public void accept() {
    sockets.forEach(InheritedSocket::accept);
  }
}
