package org.nfsproxy.server.listen;

import java.util.concurrent.Executor;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.server.configuration.Limits;
import org.nfsproxy.server.judge.Judge;

/**
 * What all client connections share.
 *
 * @param backend where calls go
 * @param judge decides about calls
 * @param workers the threads that judge
 * @param limits the bounds
 * @param recordMemory bytes held by all connections together
 * @param connections all connections together
 * @param clock coarse time
 */
record Listening(
    Backend backend,
    Judge judge,
    Executor workers,
    Limits limits,
    RecordMemory recordMemory,
    ConnectionCount connections,
    CoarseClock clock) {
  long second() {
    return clock.second();
  }
}
