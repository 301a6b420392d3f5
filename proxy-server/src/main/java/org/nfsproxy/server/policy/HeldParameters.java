package org.nfsproxy.server.policy;

/**
 * What a filesystem stays held to because of a place where it is no more.
 *
 * @param rules under which
 * @param parameters what it is held to at least
 * @param path where it was when that last became more
 */
public record HeldParameters(Rules rules, Parameters parameters, String path) {}
