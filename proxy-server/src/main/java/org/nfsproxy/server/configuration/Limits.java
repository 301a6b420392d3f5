package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * The bound on everything. Why each default is what it is stands in
 * docs/reference/configuration.md.
 *
 * @param connectionsPerClientMax client connections from one address, at most {@code
 *     connectionsMax}
 * @param callsInFlightMax calls of one connection without a reply; then the client is paused
 * @param recordMemoryBytesMax bytes of calls held in all; above it, clients that hold much are
 *     closed
 * @param idleMillis silence after which a connection is closed; 0 for never
 * @param firstCallMillis time for the first whole call
 * @param recordMillis time for a call that has begun to arrive, or to go on arriving
 * @param stallMillis time for a client to take some of the replies that wait for it; 0 for any
 * @param bytesPerSecondMin how much a call, or replies, must move on in such a time, on average
 * @param sameXidMillis time for the reply to a call whose xid another call waits for
 * @param halfClosedMillis time for replies to a client that has ended its sending side
 * @param drainMillis time for calls in flight to end after SIGTERM
 */
public record Limits(
    int recordBytesMax,
    int connectionsMax,
    int connectionsPerClientMax,
    int callsInFlightMax,
    int operationsMax,
    long recordMemoryBytesMax,
    int idleMillis,
    int firstCallMillis,
    int recordMillis,
    int stallMillis,
    int bytesPerSecondMin,
    int sameXidMillis,
    int halfClosedMillis,
    int drainMillis) {

  static Limits read(Section section) {
    int recordBytesMax = Keys.RECORD_BYTES_MAX.in(section);
    int connectionsMax = Keys.CONNECTIONS_MAX.in(section);
    int connectionsPerClientMax = Keys.CONNECTIONS_PER_CLIENT_MAX.in(section);
    Limits limits =
        new Limits(
            recordBytesMax,
            connectionsMax,
            connectionsPerClientMax == 0
                ? connectionsMax
                : Math.min(connectionsPerClientMax, connectionsMax),
            Keys.CALLS_IN_FLIGHT_MAX.in(section),
            Keys.OPERATIONS_MAX.in(section),
            Keys.RECORD_MEMORY_BYTES_MAX.in(section),
            Keys.IDLE_MILLIS.in(section),
            Keys.FIRST_CALL_MILLIS.in(section),
            Keys.RECORD_MILLIS.in(section),
            Keys.STALL_MILLIS.in(section),
            Keys.BYTES_PER_SECOND_MIN.in(section),
            Keys.SAME_XID_MILLIS.in(section),
            Keys.HALF_CLOSED_MILLIS.in(section),
            Keys.DRAIN_MILLIS.in(section));
    if (limits.recordMemoryBytesMax < recordBytesMax) {
      section.report(
          Keys.RECORD_MEMORY_BYTES_MAX.name(),
          String.valueOf(limits.recordMemoryBytesMax),
          "room for at least one record, limits.recordBytesMax: " + recordBytesMax);
    }
    return limits;
  }

  /** These bounds, with those of others that need no restart. */
  Limits adopting(Limits newer) {
    return new Limits(
        recordBytesMax,
        newer.connectionsMax,
        newer.connectionsPerClientMax,
        callsInFlightMax,
        operationsMax,
        recordMemoryBytesMax,
        idleMillis,
        firstCallMillis,
        recordMillis,
        stallMillis,
        bytesPerSecondMin,
        sameXidMillis,
        halfClosedMillis,
        newer.drainMillis);
  }
}
