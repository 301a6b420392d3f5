package org.nfsproxy.server.cache.fleet;

/**
 * What neighbours may take of each other.
 *
 * @param answerNanos how long a call is held for a home's first word
 * @param waitNanos how long somebody who fetches is waited for
 * @param asksMax questions of one instance that are waited with, ranges that it fetches, and
 *     answers that are being sent to it, each counted for itself
 * @param unsentBytesMax what one instance may leave unread before nothing more is sent
 * @param putBytesMax what was read for others and is on its way to them; more is dropped
 * @param connectionsMax other instances that are connected to, and that are connected here
 */
public record NeighbourBounds(
    long answerNanos,
    long waitNanos,
    int asksMax,
    int unsentBytesMax,
    long putBytesMax,
    int connectionsMax) {}
