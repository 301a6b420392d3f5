package org.nfsproxy.server.locks;

/**
 * How much locks may take.
 *
 * @param rowsPerClientMax owners (of 65,536 processes each) of one client address
 * @param heldMax files that are locked, for all owners together
 * @param heldPerClientMax the same of one client address
 * @param heldBytesMax bytes of all that, as in the journal; of one client address a quarter
 * @param callsPerClientMax calls of one client address that have no reply yet, those by datagrams
 *     for themselves
 * @param callBytesMax bytes of all such calls, of those by datagrams half; those of unlocks are
 *     counted for themselves
 * @param repeatsBytesMax bytes of answers that are kept; of one client address an eighth
 * @param unwrittenBytesMax bytes of the journal that the disk has not taken
 * @param callbacksMax calls to clients at a time
 * @param strangersMax of these, to addresses of which nobody knows whether there is a client, or
 *     because of a datagram
 * @param strangersPerSecondMax such calls in a second
 */
public record LockBounds(
    int rowsPerClientMax,
    int heldMax,
    int heldPerClientMax,
    long heldBytesMax,
    int callsPerClientMax,
    long callBytesMax,
    long repeatsBytesMax,
    long unwrittenBytesMax,
    int callbacksMax,
    int strangersMax,
    int strangersPerSecondMax) {}
