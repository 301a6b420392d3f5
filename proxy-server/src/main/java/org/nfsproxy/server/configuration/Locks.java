package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * Locks of NFSv3.
 *
 * @param enabled whether clients may lock
 * @param stateDirectory where it is kept who may hold a lock; not empty if they may
 * @param address where locks are made from; empty for wherever the first connection leaves from
 * @param callbackFrom where clients are called from; empty for the address that they reached
 * @param forwardPort where the owner takes what other instances forward
 * @param secretFile what the instances have in common; empty where there is one
 * @param port NLM's port, TCP and UDP; 0 for any
 * @param nsmPort NSM's port, TCP and UDP; 0 for any
 * @param ownersPerClientMax rows of one client address
 * @param heldPerClientMax the same of one client address
 * @param heldBytesMax bytes of all that, as in the journal
 * @param callsPerClientMax calls of one client address without a reply
 * @param callBytesMax memory of all calls without a reply
 * @param repeatsBytesMax memory of answers that are kept
 * @param unwrittenBytesMax records that the disk has not taken
 * @param callbacksMax calls to clients at a time
 * @param strangersMax of these, to addresses of which nobody knows that there is a client, or
 *     because of a datagram
 * @param strangersPerSecondMax such calls in a second
 */
public record Locks(
    boolean enabled,
    String stateDirectory,
    String address,
    String callbackFrom,
    int forwardPort,
    String secretFile,
    int port,
    int nsmPort,
    int ownersPerClientMax,
    int heldMax,
    int heldPerClientMax,
    long heldBytesMax,
    int callsPerClientMax,
    long callBytesMax,
    long repeatsBytesMax,
    long unwrittenBytesMax,
    int callbacksMax,
    int strangersMax,
    int strangersPerSecondMax) {
  static Locks read(Section section, boolean isFleet, String listenHost) {
    Locks locks =
        new Locks(
            LocksKeys.ENABLED.in(section),
            LocksKeys.STATE_DIRECTORY.in(section),
            LocksKeys.ADDRESS.in(section),
            LocksKeys.CALLBACK_FROM.in(section),
            LocksKeys.FORWARD_PORT.in(section),
            LocksKeys.SECRET_FILE.in(section),
            LocksKeys.PORT.in(section),
            LocksKeys.NSM_PORT.in(section),
            LocksKeys.OWNERS_PER_CLIENT_MAX.in(section),
            LocksKeys.HELD_MAX.in(section),
            LocksKeys.HELD_PER_CLIENT_MAX.in(section),
            LocksKeys.HELD_BYTES_MAX.in(section),
            LocksKeys.CALLS_PER_CLIENT_MAX.in(section),
            LocksKeys.CALL_BYTES_MAX.in(section),
            LocksKeys.REPEATS_BYTES_MAX.in(section),
            LocksKeys.UNWRITTEN_BYTES_MAX.in(section),
            LocksKeys.CALLBACKS_MAX.in(section),
            LocksKeys.STRANGERS_MAX.in(section),
            LocksKeys.STRANGERS_PER_SECOND_MAX.in(section));
    boolean isReported = section.isReported(LocksKeys.STATE_DIRECTORY.name());
    if (locks.enabled && locks.stateDirectory.isEmpty() && !isReported) {
      section.report(
          LocksKeys.STATE_DIRECTORY.name(),
          "nothing",
          "a folder on a disk of this machine, since locks.enabled is true");
    }
    if (locks.strangersMax >= locks.callbacksMax) {
      section.report(
          LocksKeys.STRANGERS_MAX.name(),
          "%d of %d".formatted(locks.strangersMax, locks.callbacksMax),
          "room for clients that are known: less than locks.callbacksMax");
    }
    if (locks.enabled && isFleet) {
      locks.checkFleet(section, listenHost);
    }
    return locks;
  }

  private void checkFleet(Section section, String listenHost) {
    if (address.isEmpty() && !section.isReported(LocksKeys.ADDRESS.name())) {
      section.report(
          LocksKeys.ADDRESS.name(),
          "nothing",
          "an address that moves from one instance to another, since cluster.enabled is true: the one"
              + " that has it serves the locks of all");
    } else if (ThisMachine.isWildcard(address) || ThisMachine.isLoopback(address)) {
      section.report(
          LocksKeys.ADDRESS.name(),
          '"' + address + '"',
          "an address that one instance has at a time, and the origin reaches");
    }
    if (secretFile.isEmpty() && !section.isReported(LocksKeys.SECRET_FILE.name())) {
      section.report(
          LocksKeys.SECRET_FILE.name(),
          "nothing",
          "a file with a secret of the instances, since cluster.enabled is true (openssl rand -hex 32)");
    }
    if (!ThisMachine.isWildcard(listenHost)) {
      section.report(
          LocksKeys.ENABLED.name(),
          "true, cluster.enabled too, and listen.host \"%s\"".formatted(listenHost),
          "listen.host 0.0.0.0 or ::, since locks.address comes and goes while NLM, NSM and the"
              + " portmapper listen");
    }
  }
}
