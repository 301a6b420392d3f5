package org.nfsproxy.server.socket;

import io.netty.channel.unix.Errors.NativeIoException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.stream.Stream;
import org.nfsproxy.backend.Reason;

/** Why a port could not be had. */
// By type: Netty's native transport tells the system's number of the error. Java's own tells one
// type for all of them, and a text in the language of the machine; there, what is known of address
// and port tells which it was.
public enum BindFailure {
  /** EADDRINUSE: another socket has it. */
  IN_USE,
  /** EACCES, EPERM: a port below 1024 without the right to have one. */
  NOT_PERMITTED,
  /** EADDRNOTAVAIL: no interface has the address. */
  NOT_OURS,
  /** The name has no address. */
  UNKNOWN_NAME,
  /** Anything else. */
  OTHER;

  // Linux, asm-generic/errno.h.
  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int EADDRINUSE = 98;
  private static final int EADDRNOTAVAIL = 99;

  private static final int FIRST_FREE_PORT = 1024;

  /**
   * Classifies a failure to listen.
   *
   * @param host where it was to listen
   * @param port where it was to listen
   */
  public static BindFailure of(Throwable failure, String host, int port) {
    return Stream.iterate(failure, each -> each != null, Throwable::getCause)
        .map(each -> one(each, host, port))
        .filter(reason -> reason != OTHER)
        .findFirst()
        .orElse(OTHER);
  }

  private static BindFailure one(Throwable failure, String host, int port) {
    if (failure instanceof NativeIoException told) {
      return switch (Math.abs(told.expectedErr())) {
        case EADDRINUSE -> IN_USE;
        case EACCES, EPERM -> NOT_PERMITTED;
        case EADDRNOTAVAIL -> NOT_OURS;
        default -> OTHER;
      };
    }
    if (failure instanceof UnknownHostException || failure instanceof UnresolvedAddressException) {
      return UNKNOWN_NAME;
    }
    return failure instanceof BindException ? guessed(host, port) : OTHER;
  }

  private static BindFailure guessed(String host, int port) {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (!address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null) {
        return NOT_OURS;
      }
    } catch (UnknownHostException unknown) {
      return UNKNOWN_NAME;
    } catch (SocketException nobodyKnows) {
      return IN_USE;
    }
    boolean isFree = port == 0 || port >= FIRST_FREE_PORT;
    return isFree || System.getProperty("user.name").equals("root") ? IN_USE : NOT_PERMITTED;
  }

  /**
   * What to do about it, and with which keys.
   *
   * @param at what was to be listened for
   * @return a sentence; empty if nobody can tell
   */
  public String cure(ListeningPlace at) {
    return switch (this) {
      case IN_USE -> "it is in use, " + at.whoHasIt() + ", " + at.otherwise();
      case NOT_PERMITTED ->
          "ports below 1024 need root or CAP_NET_BIND_SERVICE (AmbientCapabilities= of a systemd"
              + " unit). Grant it, "
              + at.otherwise();
      case NOT_OURS ->
          "no interface of this machine has that address: set "
              + at.hostKey()
              + " to one of its own, or to 0.0.0.0 or ::";
      case UNKNOWN_NAME ->
          "that name has no address here: set " + at.hostKey() + " to an address of this machine";
      case OTHER -> "";
    };
  }

  /**
   * The whole line about it.
   *
   * @param at what was to be listened for
   * @param host where
   * @param port where
   * @param transport TCP or UDP
   * @return cause and cure; where nobody knows a cure, what the transport says
   */
  public static String told(
      Throwable failure, ListeningPlace at, String host, int port, String transport) {
    String cure = of(failure, host, port).cure(at);
    String reason = cure.isEmpty() ? Reason.of(failure) : cure;
    return "cannot listen on %s %s port %d%s: %s"
        .formatted(host, transport, port, at.what(), reason);
  }
}
