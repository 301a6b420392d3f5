package org.nfsproxy.server.metrics;

/**
 * How much is told apart.
 *
 * @param clients client addresses that are counted by themselves
 * @param exports exports that are
 * @param pairs of all clients together, pairs of export and operation that are
 */
public record MeterBounds(int clients, int exports, int pairs, int pairsPerClient) {}
