package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * Locks of NFSv3.
 *
 * @param enabled whether clients may lock
 * @param stateDirectory where it is kept who may hold a lock; not empty if they may
 * @param address where locks are made from; empty for wherever the first connection leaves from
 * @param callbackFrom where clients are called from; empty for the address that they reached
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
  static Locks read(Section section, boolean isFleet) {
    int before = section.problems().size();
    Locks locks =
        new Locks(
            LocksKeys.ENABLED.in(section),
            LocksKeys.STATE_DIRECTORY.in(section),
            LocksKeys.ADDRESS.in(section),
            LocksKeys.CALLBACK_FROM.in(section),
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
    boolean isReported =
        section.problems().stream()
            .skip(before)
            .anyMatch(each -> each.key().equals(LocksKeys.STATE_DIRECTORY.path()));
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
      section.report(
          LocksKeys.ENABLED.name(),
          "true, and cluster.enabled too",
          "one of both: the origin would take several instances for several owners of one lock");
    }
    return locks;
  }
}
