package org.nfsproxy.backend.nfs;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses where connections to the origin leave from: which local address, which port. */
final class SourcePorts {
  private static final Logger log = LoggerFactory.getLogger(SourcePorts.class);

  /** What an administrator can do where the process may not bind such ports. */
  static final String CURE =
      "run it as root or with CAP_NET_BIND_SERVICE, or export with \"insecure\" on the origin and"
          + " set backend.origin.reservedPorts to \"never\"";

  private final ReservedPortPolicy policy;
  private final List<InetAddress> localAddresses;
  private final ReservedPorts reserved = new ReservedPorts();
  private final AtomicInteger nextLocalAddress = new AtomicInteger();
  private final AtomicBoolean forbidden = new AtomicBoolean();
  private final AtomicBoolean exhaustionLogged = new AtomicBoolean();

  SourcePorts(ReservedPortPolicy policy, List<InetAddress> localAddresses) {
    this.policy = policy;
    this.localAddresses = localAddresses;
  }

  /**
   * A source to try.
   *
   * @param local where the connection leaves from: address (perhaps a wildcard) and port (perhaps
   *     0)
   * @param isReserved whether the port is one that must be given back
   */
  record Source(InetSocketAddress local, boolean isReserved) {}

  /** No source is left. */
  static final class ExhaustedException extends Exception {
    private static final long serialVersionUID = 1L;

    ExhaustedException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The next source to try for a way to the origin.
   *
   * @param origin where the connection goes
   * @return the source; its port is taken until {@link #giveBack}
   * @throws ExhaustedException if the policy wants a reserved port and none is left
   */
  Source take(InetSocketAddress origin) throws ExhaustedException {
    List<InetAddress> locals = localsFor(origin.getAddress());
    int first = Math.floorMod(nextLocalAddress.getAndIncrement(), locals.size());
    if (policy != ReservedPortPolicy.NEVER && !forbidden.get()) {
      for (int i = 0; i < locals.size(); i++) {
        InetAddress local = locals.get((first + i) % locals.size());
        int port = reserved.take(local, origin);
        if (port != 0) {
          exhaustionLogged.set(false);
          return new Source(new InetSocketAddress(local, port), true);
        }
      }
    }
    if (policy == ReservedPortPolicy.ALWAYS) {
      throw new ExhaustedException(
          forbidden.get()
              ? "may not bind a port below 1024: " + CURE
              : "all " + ReservedPorts.PORTS * locals.size() + " reserved source ports are in use");
    }
    if (policy == ReservedPortPolicy.AUTO
        && !forbidden.get()
        && exhaustionLogged.compareAndSet(false, true)) {
      log.warn(
          "all {} reserved source ports to {} are in use; further connections leave from ports above"
              + " 1023, which a secure origin refuses. Add addresses to backend.origin.localAddresses",
          ReservedPorts.PORTS * locals.size(),
          origin);
    }
    return new Source(new InetSocketAddress(locals.get(first), 0), false);
  }

  /** Gives a source back, when its connection has ended or never came to be. */
  void giveBack(Source source, InetSocketAddress origin) {
    if (source.isReserved) {
      reserved.giveBack(source.local.getAddress(), origin, source.local.getPort());
    }
  }

  /** Remembers that this process may not bind such ports, so that it is not tried again. */
  void forbidReserved() {
    forbidden.set(true);
  }

  boolean isForbidden() {
    return forbidden.get();
  }

  /** How many sources may be tried in a row, which ends a search among ports that others use. */
  int triesMax() {
    return ReservedPorts.PORTS * Math.max(1, localAddresses.size());
  }

  private List<InetAddress> localsFor(InetAddress origin) {
    List<InetAddress> matching = new ArrayList<>();
    boolean wants4 = origin instanceof Inet4Address;
    for (InetAddress address : localAddresses) {
      if (address instanceof Inet4Address == wants4) {
        matching.add(address);
      }
    }
    return matching.isEmpty() ? List.of(wildcard(wants4)) : matching;
  }

  private static InetAddress wildcard(boolean wants4) {
    try {
      return InetAddress.getByAddress(new byte[wants4 ? 4 : 16]);
    } catch (UnknownHostException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }
}
