package org.nfsproxy.server.listen;

import java.util.concurrent.Executor;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.server.configuration.Drain;
import org.nfsproxy.server.configuration.Limits;
import org.nfsproxy.server.judge.Judge;

/**
 * What all client connections share.
 *
 * @param backend where calls go
 * @param judge decides about calls
 * @param workers the threads that judge
 * @param limits the bounds
 * @param drain how connections are closed in order
 * @param recordMemory bytes held by all connections together
 * @param connections all connections together
 * @param clock coarse time
 */
record Listening(
    Backend backend,
    Judge judge,
    Executor workers,
    Limits limits,
    Drain drain,
    RecordMemory recordMemory,
    ConnectionCount connections,
    CoarseClock clock) {
  long second() {
    return clock.second();
  }
}
