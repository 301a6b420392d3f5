package org.nfsproxy.server.live;

import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import java.util.function.Supplier;
import org.nfsproxy.server.metrics.Meters;
import org.nfsproxy.server.metrics.RecentLines;
import org.nfsproxy.server.refusals.RefusalTrace;

/**
 * Where the numbers come from: what other pages show too.
 *
 * @param meters what is counted of calls
 * @param exportNames what exports are called, by number or word, all of one moment
 * @param refusals what refused calls left behind
 * @param slowCalls the last ones that were told
 * @param info what {@code GET /info} says
 * @param cluster what {@code GET /health/cluster} says
 * @param callsInFlight calls that have no reply now
 */
public record LiveSources(
    Meters meters,
    Supplier<Function<Object, String>> exportNames,
    RefusalTrace refusals,
    RecentLines slowCalls,
    Supplier<JsonObject> info,
    Supplier<JsonObject> cluster,
    Supplier<Long> callsInFlight) {}
